"""States and provinces whose names or codes decide which country a place is in."""

from leadloom.values.text import fold

_US = """
AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware
DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa
KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota
MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey
NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon
PA Pennsylvania,PR Puerto Rico,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee
TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming
"""

STATES: dict[str, str] = {
    entry[:2]: entry[3:] for entry in _US.strip().replace("\n", ",").split(",")
}
"""US postal codes (USPS Publication 28) and the names of the states."""

PROVINCES: dict[str, str] = {
    **dict.fromkeys("ON QC BC AB MB SK NS NB NL PE YT NT NU".split(), "CA"),  # noqa: SIM905
    **dict.fromkeys("NSW VIC QLD TAS ACT".split(), "AU"),  # noqa: SIM905
}
"""Codes of Canadian provinces and Australian states, and their country."""

CITIES_ABROAD: dict[str, frozenset[str]] = {
    code: frozenset(cities.split(","))
    for code, cities in {
        # Cities of the *country* with this code, which is a US state's code too.
        "AL": "tirana,durres",
        "AR": "buenos aires,cordoba,rosario,mendoza,la plata",
        "AZ": "baku",
        "CA": "toronto,vancouver,montreal,calgary,ottawa,edmonton,quebec,winnipeg,mississauga"
        ",halifax,waterloo,kitchener,markham,brampton,victoria,laval,surrey,burnaby",
        "CO": "bogota,medellin,cali,barranquilla,cartagena,bucaramanga",
        "GA": "libreville",
        "ID": "jakarta,bandung,surabaya,denpasar,yogyakarta,medan,bali",
        "IL": "tel aviv,tel aviv-yafo,jerusalem,haifa,herzliya,ramat gan,netanya,petah tikva",
        "IN": "bangalore,bengaluru,mumbai,delhi,new delhi,hyderabad,chennai,pune,kolkata,gurgaon"
        ",gurugram,noida,ahmedabad,jaipur,kochi,indore,chandigarh,coimbatore,surat,lucknow",
        "LA": "vientiane",
        "MA": "casablanca,rabat,marrakech,marrakesh,tangier,fes,agadir",
        "MD": "chisinau",
        "ME": "podgorica,budva",
        "MN": "ulaanbaatar",
        "MT": "valletta,sliema,st julians,birkirkara,st. julian's",
        "NE": "niamey",
        "PA": "panama,ciudad de panama",
        "SC": "victoria,mahe",
        "SD": "khartoum",
        "TN": "tunis,sfax,sousse",
        "VA": "vatican city",
        # Cities of the countries that share a code with a Canadian province.
        "NL": "amsterdam,rotterdam,den haag,the hague,utrecht,eindhoven,groningen,tilburg,almere"
        ",breda,nijmegen,arnhem,haarlem,delft,leiden,enschede,apeldoorn,amersfoort,maastricht"
        ",zwolle,hilversum,amstelveen,hoofddorp,s-hertogenbosch,'s-hertogenbosch,den bosch",
        "PE": "lima,arequipa,trujillo,cusco,callao,piura",
        "SK": "bratislava,kosice,zilina,nitra,presov,trnava,trencin,martin,banska bystrica",
    }.items()
}
"""Well-known cities that tell which of two meanings a two-letter code has."""

DELAWARE = frozenset(
    "wilmington,dover,newark,middletown,bear,smyrna,milford,seaford,georgetown,lewes,laurel,camden"  # noqa: SIM905
    ",rehoboth beach,new castle,claymont,hockessin,greenville,elsmere,millsboro,harrington"
    ",townsend,selbyville,bethany beach".split(",")
)
"""Towns of Delaware. Any other city before "DE" is taken to be German."""

REGIONS: dict[str, str] = {
    # "New York" and "Washington" alone are the cities, "Georgia" may be the country.
    **{
        fold(name): "US"
        for name in STATES.values()
        if name not in ("New York", "Washington", "Georgia", "Puerto Rico")
    },
    **dict.fromkeys(["england", "scotland", "wales", "northern ireland"], "GB"),
    **dict.fromkeys(
        "ontario,quebec,british columbia,alberta,manitoba,saskatchewan,nova scotia,new brunswick"  # noqa: SIM905
        ",newfoundland and labrador,prince edward island".split(","),
        "CA",
    ),
    **dict.fromkeys(
        "new south wales,victoria,queensland,western australia,south australia,tasmania".split(","),  # noqa: SIM905
        "AU",
    ),
    **dict.fromkeys(
        "bavaria,bayern,baden-wurttemberg,hesse,hessen,north rhine-westphalia,nordrhein-westfalen"  # noqa: SIM905
        ",nrw,lower saxony,niedersachsen,saxony,sachsen,saxony-anhalt,sachsen-anhalt,thuringia"
        ",thuringen,brandenburg,mecklenburg-vorpommern,rhineland-palatinate,rheinland-pfalz"
        ",saarland,schleswig-holstein".split(","),
        "DE",
    ),
}
"""Folded names of states that are no cities, and their country."""
