"""The rules: which words speak of which industry, and of which trait; folded, `_` for a space."""

from collections.abc import Mapping
from typing import Final

INDUSTRIES: Final[Mapping[str, str]] = {
    "Mechanical engineering": "-maschinenbau -anlagenbau machinery machine_tools maquinaria"
    " machines-outils werkzeugbau pumps pumpen compressors hydraulik- hydraulic-",
    "Metal and steel": "stahl- steel metallbau metallverarbeitung foundry giesserei acero acier"
    " fonderie siderurgi-",
    "Software": "software saas cloud-software apps webentwicklung logiciel-",
    "IT services": "it-services it-service systemhaus it_consulting it-beratung hosting"
    " cybersecurity it-sicherheit",
    "Logistics": "-logistik logistics logistica logistique spedition- freight forwarding transporte"
    " transports trucking warehousing",
    "Construction": "bau bauunternehmen hochbau tiefbau construction constructions construccion-"
    " costruzioni dachdecker- roofing",
    "Real estate": "immobilien- real_estate realty properties immobilier inmobiliaria immobiliare",
    "Chemicals": "chemie- chemical chemicals chimie chimica quimica coatings polymer-",
    "Pharmaceuticals": "pharma- pharmaceutical- biotech- biopharma-",
    "Medical devices": "medizintechnik medical_devices medtech- orthopadie-",
    "Health care": "klinik- krankenhaus hospital clinic clinics praxis healthcare gesundheit-",
    "Food and drink": "lebensmittel- brauerei- brewery bakery backerei- food foods getranke-"
    " winery weingut molkerei dairy",
    "Agriculture": "landwirtschaft- agriculture agrar- agri- farming saatgut",
    "Automotive": "automotive -fahrzeugbau autohaus kfz- car_dealer",
    "Aerospace": "aerospace luftfahrt- raumfahrt- aviation",
    "Energy": "energie energy solar- photovoltai- windkraft wind_power stadtwerke utilities",
    "Electronics": "elektronik- electronics halbleiter- semiconductor- leiterplatten sensor- ",
    "Textiles": "textil- textile- fashion mode bekleidung apparel",
    "Financial services": "bank banking sparkasse volksbank investment investments finanz-"
    " asset_management private_equity venture_capital",
    "Insurance": "versicherung- insurance assurance- seguros assicurazioni",
    "Consulting": "unternehmensberatung consulting consultants beratung",
    "Legal services": "rechtsanwalt- kanzlei law_firm attorneys avocats abogados notar-",
    "Marketing and advertising": "werbeagentur marketing-agentur advertising marketing_agency"
    " branding publicidad",
    "Media": "verlag- publishing media medien broadcasting filmproduktion",
    "Education": "schule hochschule universitat university school academy akademie bildung-",
    "Hospitality": "hotel hotels gasthof restaurant restaurants catering gastronomie",
    "Retail": "einzelhandel retail supermarkt onlineshop e-commerce",
    "Wholesale": "grosshandel wholesale import-export",
    "Packaging": "verpackung- packaging kartonagen emballage-",
    "Plastics": "kunststoff- plastics plastic plasticos spritzguss-",
    "Trade fairs and events": "messebau exhibition- trade_fairs veranstaltung- event_agency",
    "Staffing": "zeitarbeit personaldienst- staffing recruitment_agency interim-",
}
"""Names as people choose them from lists; the words stand in names and descriptions of firms."""

TRAITS: Final[Mapping[str, str]] = {
    "entrepreneurial": "founder cofounder co-founder grunder- unternehmer- entrepreneur- startup-"
    " serial",
    "technical": "engineer- ingenieur- developer entwickler- architect technik- cto devops"
    " mathemat- informatik-",
    "analytical": "analyst- analytics controlling controller data daten- research- statistik-"
    " quantitative",
    "creative": "design- creative kreativ- art_director brand content copywriter texter-",
    "commercial": "sales vertrieb- account key_account business_development umsatz- revenue"
    " quota verkauf-",
    "people-minded": "coach- mentor- people hr human_resources teamlead- volunteer- ehrenamt-"
    " kultur culture",
    "innovative": "innovation- digitalisierung digital_transformation pioneer- ai ki"
    " machine_learning",
    "careful": "compliance quality qualitat- audit- risk revision legal safety sicherheit-",
}
"""What titles and notes let one expect of somebody; never more than a first idea."""
