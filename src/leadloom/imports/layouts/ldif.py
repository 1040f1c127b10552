"""LDIF: the attributes of people in directories (RFC 2798) and in Thunderbird's address book."""

from leadloom.imports.layouts.layout import Layout, columns, marks

LDIF = Layout(
    name="LDIF",
    provider="ldif",
    kinds=frozenset({"ldif"}),
    marks=marks("cn", "sn", "mail", "givenName", "telephoneNumber", "o"),
    among=1,
    columns=columns(
        {
            "external_id": "uid,entryUUID,objectGUID",
            "full_name": "cn,displayName,commonName",
            "first_name": "givenName,gn",
            "last_name": "sn,surname",
            "name_prefix": "personalTitle",
            "nickname": "mozillaNickname",
            "email": "mail,mail 2,mozillaSecondEmail,mailLocalAddress,mailLocalAddress 2",
            "phone": """mobile,mobile 2,telephoneNumber,telephoneNumber 2,homePhone,cellphone""",
            "title": "title,title 2",
            "department": "ou,departmentNumber,department",
            "company": "o,o 2,company,organizationName",
            "street": "street,streetAddress,postalAddress",
            "city": "l,localityName",
            "state": "st,stateOrProvinceName",
            "postal_code": "postalCode",
            "country": "c,countryName,co,friendlyCountryName",
            "website": "mozillaWorkUrl,workurl,labeledURI,wWWHomePage,mozillaHomeUrl,homeurl",
            "notes": "description,info",
            "custom": "facsimileTelephoneNumber,fax,pager,manager,secretary,preferredLanguage",
        }
    ),
)
