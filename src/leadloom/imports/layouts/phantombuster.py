"""PhantomBuster: people found by a search of LinkedIn or its Sales Navigator."""

from leadloom.imports.layouts.layout import Layout, columns, marks

PHANTOMBUSTER = Layout(
    name="PhantomBuster LinkedIn search",
    provider="phantombuster",
    marks=marks(
        "vmid",
        "defaultProfileUrl",
        "linkedInProfileUrl",
        "regularCompanyUrl",
        "connectionDegree",
        "durationInRole",
        "sharedConnectionsCount",
        "pastExperienceCompanyName",
        "isOpenLink",
    ),
    needs=3,
    columns=columns(
        {
            "full_name": "fullName",
            "first_name": "firstName",
            "last_name": "lastName",
            "title": "title",
            "linkedin_url": "linkedInProfileUrl,linkedinProfileUrl",
            "location": "location",
            "company": "companyName",
            "company.linkedin_url": "regularCompanyUrl",
            "company.location": "companyLocation",
            "company.industry": "industry",
            "observed_at": "timestamp",
            "custom": """profileUrl,defaultProfileUrl,companyUrl,companyId,query,vmid,name,
                pastExperienceCompanyName,pastExperienceCompanyUrl,pastExperienceCompanyTitle""",
        }
    ),
)
