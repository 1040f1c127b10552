"""LinkedIn: `Connections.csv` of a member's data archive, in the member's language."""

from leadloom.imports.layouts.layout import Layout, columns, marks

LINKEDIN = Layout(
    name="LinkedIn connections",
    provider="linkedin",
    marks=marks(
        "Connected On",
        "Verbunden am",
        "Vernetzt seit",
        "Kontakt seit",
        "Connecté le",
        "Connexion le",
        "En relation depuis",
        "Conectado el",
        "Fecha de conexión",
        "Collegato il",
        "Data di collegamento",
        "Conectado em",
        "Data da conexão",
    ),
    columns=columns(
        {
            "first_name": "First Name,Vorname,Prénom,Nombre,Nome",
            "last_name": "Last Name,Nachname,Nom,Nom de famille,Apellidos,Cognome,Sobrenome",
            "linkedin_url": "URL,Profile URL,Profil-URL",
            "email": """Email Address,E-Mail-Adresse,Adresse e-mail,Dirección de correo electrónico,
                Indirizzo email,Endereço de e-mail""",
            "company": "Company,Unternehmen,Firma,Entreprise,Société,Empresa,Azienda,Società",
            "title": "Position,Poste,Cargo,Posizione,Ruolo,Puesto",
        }
    ),
)
