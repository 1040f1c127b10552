"""What else made-up people and companies are put together from. Every one of them is fictional."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(item.split()) for item in text.split(";"))


NICKNAMES = dict(
    pair.split(":")
    for pair in _words(
        """James:Jim Robert:Bob John:Jack Michael:Mike David:Dave William:Bill Richard:Rick
        Joseph:Joe Thomas:Tom Christopher:Chris Charles:Charlie Daniel:Dan Matthew:Matt
        Anthony:Tony Steven:Steve Andrew:Andy Joshua:Josh Kenneth:Ken Timothy:Tim Edward:Ed
        Jeffrey:Jeff Nicholas:Nick Jonathan:Jon Stephen:Steve Benjamin:Ben Samuel:Sam Gregory:Greg
        Alexander:Alex Patrick:Pat Raymond:Ray Patricia:Pat Jennifer:Jen Elizabeth:Liz Barbara:Barb
        Susan:Sue Jessica:Jess Margaret:Peggy Kimberly:Kim Deborah:Debbie Rebecca:Becky
        Katherine:Kate Catherine:Cathy Samantha:Sam Victoria:Vicky Pamela:Pam Jacob:Jake
        Sebastian:Basti Matthias:Matze Maximilian:Max Katharina:Kathi Franziska:Franzi
        Francisco:Paco José:Pepe Manuel:Manolo Alejandro:Álex Giuseppe:Beppe Francesco:Franco
        Alessandro:Sandro Hendrik:Henk Johannes:Hans Cornelis:Kees Eleanor:Ellie Frederick:Fred"""
    )
)

TITLES = _listed(
    """Chief Executive Officer; CEO; Managing Director; Founder & CEO; Chief Technology Officer;
        VP of Engineering; Head of Marketing; Marketing Manager; Sales Manager;
        Senior Account Executive; Account Manager; Business Development Manager;
        Key Account Manager; Regional Sales Director; Chief Financial Officer; Finance Director;
        Controller; Head of Procurement; Purchasing Manager; Buyer; Operations Manager;
        Plant Manager; Supply Chain Director; Logistics Coordinator; HR Manager;
        Talent Acquisition Lead; Software Engineer; Senior Software Engineer; Product Manager;
        Head of Product; Data Analyst; IT Director; Project Manager; Consultant; Partner;
        Geschäftsführer; Vertriebsleiter; Directeur commercial; Responsable marketing;
        Director de ventas; Responsabile acquisti; Gerente comercial; Inkoopmanager"""
)

# A company is called head + tail + trade: "Alderwick Logistics".
HEADS = _words(
    """Alder Amber Arc Ash Aster Bay Beacon Birch Blue Bright Cedar Clear Cobalt Copper Coral Crest
    Dale Delta Drift East Elm Ever Falcon Fern Field Fox Frost Glen Gold Grand Green Grove Harbor
    Haven Hawk Hazel High Iron Ivy Juniper Keystone Lake Lark Lime Linden Lumen Maple Meadow Mill
    Moon Moss Nor North Oak Onyx Orchard Osprey Pine Quill Raven Red River Rock Rowan Sage Silver
    Spring Stone Summit Sun Swift Terra Thorn Tidal Timber True Vale Vista West Wild Willow
    Winter"""
)
TAILS = _words(
    """wick ton ford field stone bridge gate well mark point line wood land side works path way
    view port haven crest brook burn mont ridge vale mere worth shore forge craft leaf span light
    peak dale hurst"""
)
# Trade -> the industry it is filed under.
TRADES = {
    "Logistics": "Transportation & Logistics",
    "Freight": "Transportation & Logistics",
    "Software": "Computer Software",
    "Systems": "Information Technology & Services",
    "Analytics": "Information Technology & Services",
    "Cloud": "Computer Software",
    "Robotics": "Industrial Automation",
    "Automation": "Industrial Automation",
    "Foods": "Food & Beverages",
    "Bakery": "Food & Beverages",
    "Brewing": "Food & Beverages",
    "Pharma": "Pharmaceuticals",
    "Biotech": "Biotechnology",
    "Medical": "Medical Devices",
    "Dental": "Health Care",
    "Clinics": "Health Care",
    "Energy": "Renewables & Environment",
    "Solar": "Renewables & Environment",
    "Water": "Utilities",
    "Chemicals": "Chemicals",
    "Plastics": "Plastics",
    "Packaging": "Packaging & Containers",
    "Textiles": "Textiles",
    "Apparel": "Apparel & Fashion",
    "Interiors": "Furniture",
    "Architects": "Architecture & Planning",
    "Construction": "Construction",
    "Engineering": "Mechanical or Industrial Engineering",
    "Tools": "Machinery",
    "Machinery": "Machinery",
    "Metals": "Mining & Metals",
    "Optics": "Electrical/Electronic Manufacturing",
    "Electronics": "Electrical/Electronic Manufacturing",
    "Motors": "Automotive",
    "Mobility": "Automotive",
    "Marine": "Maritime",
    "Aerospace": "Aviation & Aerospace",
    "Travel": "Leisure, Travel & Tourism",
    "Hotels": "Hospitality",
    "Events": "Events Services",
    "Media": "Media Production",
    "Design": "Design",
    "Print": "Printing",
    "Publishing": "Publishing",
    "Education": "E-Learning",
    "Consulting": "Management Consulting",
    "Legal": "Law Practice",
    "Capital": "Financial Services",
    "Insurance": "Insurance",
    "Realty": "Real Estate",
    "Security": "Computer & Network Security",
    "Telecom": "Telecommunications",
    "Retail": "Retail",
    "Farms": "Farming",
}
SIZES = ("10,001+", "5001-10,000", "1001-5000", "501-1000", "201-500", "51-200", "11-50", "1-10")

FREE_MAIL = (
    "gmail.com",
    "yahoo.com",
    "outlook.com",
    "hotmail.com",
    "web.de",
    "gmx.de",
    "orange.fr",
)
NOTES = (
    "Asked for a demo in Q2",
    "Met at the booth, wants the price list",
    "Referred by a customer",
    "Interested, but budget only next year",
    "Send the case study on packaging",
    "Speaks German and English; prefers e-mail",
    "Downloaded the white paper",
    "Called twice, left a message",
)
OWNERS = ("Jana", "Tom", "Priya", "Lucas", "Marta", "Sam", "Nadia", "Unassigned")
EVENTS = (
    "Hannover Messe 2025",
    "Web Summit 2025",
    "CES 2026",
    "Viva Tech",
    "Drupa",
    "Webinar March",
)

_SYLLABLES = (
    "ba ben ber bo bra cor da dal del do dor e el en fal far fen ga gar gel gra ha hal har "
    "hel il in ka kar kel ko kra la lan lar len lo mal man mar mel mo na nar nel no o or pa "
    "par pel pra ra ral ri ro sa sal san sel so ta tal tar tel to tra va val van vel vo wa "
    "wal wes wi ya zan ze zo"
)
SYLLABLES = tuple(_SYLLABLES.split())
"""What made-up names are made of."""

_ENDINGS = "er mann sen son ov ski i o a ez es ard et ton ham by dahl berg stein ault ić escu"
ENDINGS = tuple(_ENDINGS.split())
"""What made-up surnames end in."""
