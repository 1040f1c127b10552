"""Job titles as people print them on cards, and what each says of rank and department."""

import pytest

from leadloom.enrich.provider import Question
from leadloom.enrich.providers import job_title
from leadloom.enrich.providers.job_title.title_words import Lexicon, words_of

# title | seniority | department; "-" is none
ENGLISH = """
CEO | c-level | -
C.E.O. | c-level | -
Chief Executive Officer | c-level | -
Chief Financial Officer | c-level | finance
Group CFO | c-level | finance
Chief Technology Officer | c-level | engineering
CTO & Co-Founder | founder | engineering
Chief Operating Officer | c-level | operations
COO | c-level | operations
Chief Marketing Officer | c-level | marketing
Chief Information Security Officer | c-level | engineering
Chief People Officer | c-level | people
Chief Human Resources Officer | c-level | people
Chief Revenue Officer | c-level | sales
Chief Commercial Officer | c-level | sales
Chief Product Officer | c-level | product
Chief Happiness Officer | c-level | -
Chief Legal Officer | c-level | legal
Chief Engineer | head | engineering
Founder | founder | -
Founder and Managing Director | founder | -
Founding Partner | founder | -
Owner | c-level | -
Owner/Operator | c-level | -
President | c-level | -
President & CEO | c-level | -
Managing Director | c-level | -
Managing Partner | c-level | -
Chairman of the Board | c-level | -
Vice President | vp | -
Vice-President, Sales | vp | sales
Senior Vice President of Engineering | vp | engineering
EVP Operations | vp | operations
VP Product | vp | product
VP of Finance | vp | finance
Assistant Vice President | vp | -
Director of Purchasing | director | purchasing
Director, Human Resources | director | people
Associate Director, R&D | director | research
IT Director | director | engineering
Sales Director EMEA | director | sales
Partner | director | -
Partner, Tax | director | finance
Head of Sales | head | sales
Head of IT | head | engineering
Head of Legal & Compliance | head | legal
Head of People | head | people
Head of Customer Success | head | support
Head of Supply Chain | head | purchasing
Sales Manager | manager | sales
Account Manager | manager | sales
Key Account Manager | manager | sales
Account Executive | - | sales
Business Development Manager | manager | sales
Marketing Manager | manager | marketing
Product Marketing Manager | manager | marketing
Public Relations Manager | manager | marketing
PR Manager | manager | marketing
Social Media Manager | manager | marketing
Project Manager | manager | -
Program Manager | manager | -
Programme Coordinator | manager | -
Product Manager | manager | product
Production Manager | manager | operations
Plant Manager | manager | operations
Operations Manager | manager | operations
Warehouse Supervisor | manager | operations
Quality Assurance Manager | manager | operations
HR Manager | manager | people
Office Manager | manager | -
Head Office Manager | manager | -
Engineering Manager | manager | engineering
Procurement Manager | manager | purchasing
Team Lead Customer Service | manager | support
Team Leader | manager | -
Shift Leader | manager | -
Head of Partnerships | head | sales
Coordinator | manager | -
Event Coordinator | manager | marketing
Junior Account Manager | junior | sales
Marketing Coordinator | manager | marketing
Product Owner | - | product
Senior Product Owner | senior | product
Process Owner | - | -
HR Business Partner | - | people
Channel Partner Manager | manager | sales
Accountant | - | finance
Senior Accountant | senior | finance
Accounts Payable Clerk | - | finance
Financial Controller | - | finance
Financial Analyst | - | finance
Tax Advisor | - | finance
Auditor | - | finance
Internal Auditor | - | finance
International Sales Manager | manager | sales
International Relations Officer | - | -
Internist | - | -
Intern | junior | -
Marketing Intern | junior | marketing
Product Manager Intern | junior | product
Internal Communications Specialist | - | marketing
Headhunter | - | people
Technical Recruiter | - | people
Talent Acquisition Specialist | - | people
Leadership Coach | - | -
Lead Generation Specialist | - | marketing
Lead Developer | senior | engineering
Tech Lead | senior | -
Senior Software Engineer | senior | engineering
Sr. Consultant | senior | -
Principal Scientist | senior | research
Staff Engineer | senior | engineering
Staff Nurse | - | -
Software Engineer | - | engineering
Software Sales Executive | - | sales
Programmer | - | engineering
Full Stack Developer | - | engineering
Real Estate Developer | - | -
DevOps Engineer | - | engineering
Solutions Architect | - | engineering
System Administrator | - | engineering
IT Support Specialist | - | support
Making it happen | - | -
Data Scientist | - | research
Research Associate | - | research
Buyer | - | purchasing
Media Buyer | - | marketing
Customer Service Representative | - | support
General Counsel | - | legal
Corporate Lawyer | - | legal
Counsellor | - | -
Executive Assistant to the CEO | - | -
Personal Assistant | - | -
Assistant to the Managing Director | - | -
Assistant Manager | manager | -
Former CEO | - | -
CEO at Head Hunters Ltd | c-level | -
Engineer at Sales Partners Inc. | - | engineering
Project Engineer | - | engineering
Sales Engineer | - | sales
Head Chef | - | -
Pastry Chef | - | -
Student | junior | -
Apprentice Electrician | junior | -
Trainee Accountant | junior | finance
Director of Student Affairs | director | -
Operator | - | -
Cooperation Advisor | - | -
Coordination Clerk | - | -
Retired | - | -
Consultant | - | -
Teacher | - | -
"""

GERMAN = """
Geschäftsführer | c-level | -
Geschaeftsfuehrerin | c-level | -
Geschäftsführender Gesellschafter | c-level | -
Kaufmännischer Geschäftsführer | c-level | finance
Mitglied der Geschäftsleitung | c-level | -
Inhaberin | c-level | -
Gründer & Geschäftsführer | founder | -
Vorstand | c-level | -
Finanzvorstand | c-level | finance
Vorstandsassistentin | - | -
Assistentin der Geschäftsführung | - | -
Assistenz der Geschäftsleitung | - | -
Prokurist | director | -
Personaldirektorin | director | people
Key-Account-Managerin | manager | sales
Fachinformatiker | - | engineering
Küchenchef | - | -
Vertriebsleiter | head | sales
Vertriebsleiterin Süd | head | sales
Regionalvertriebsleiter | head | sales
Leiter Vertrieb | head | sales
Leiterin Einkauf | head | purchasing
Leiter:in Einkauf | head | purchasing
Leiter (m/w/d) Einkauf | head | purchasing
Einkaufsleitung | head | purchasing
Einkäuferin | - | purchasing
Strategischer Einkäufer | - | purchasing
Personalleiter | head | people
Leiterin Personal | head | people
Personalreferentin | - | people
Personalentwicklung | - | people
Marketingleiter | head | marketing
Leiter Unternehmenskommunikation | head | marketing
Vertriebs- und Marketingleiter | head | sales
Betriebsleiter | head | operations
Werksleiter | head | operations
Produktionsleiterin | head | operations
Leiter Logistik | head | operations
Qualitätsmanager | manager | operations
Technischer Leiter | head | engineering
Entwicklungsleiter | head | engineering
Leiter Forschung & Entwicklung | head | research
IT-Leiter | head | engineering
Abteilungsleiter | head | -
Bereichsleiterin Finanzen | head | finance
Leiter Rechnungswesen | head | finance
Leiterin Buchhaltung | head | finance
Rechtsanwältin | - | legal
Leiter Recht | head | legal
Teamleiter Kundenservice | manager | support
Projektleiter | manager | -
Projektmanagerin | manager | -
Filialleiter | manager | -
Produktmanager | manager | product
Serviceleiter | head | support
Vertriebsmitarbeiter | - | sales
Vertriebsingenieur | - | sales
Außendienstmitarbeiter | - | sales
Softwareentwickler | - | engineering
Senior Softwareentwicklerin | senior | engineering
Konstrukteur | - | engineering
Werkstudent | junior | -
Werkstudentin Marketing | junior | marketing
Praktikant Controlling | junior | finance
Auszubildende zur Industriekauffrau | junior | -
Begleiter | - | -
Blitzableiter | - | -
Chefarzt | - | -
Lehrer | - | -
Sachbearbeiterin | - | -
"""

FRENCH = """
PDG | c-level | -
Président-directeur général | c-level | -
Directeur Général | c-level | -
Directrice générale | c-level | -
Directeur(trice) général(e) | c-level | -
Gérante | c-level | -
Chef d'entreprise | c-level | -
Fondatrice | founder | -
Cofondateur | founder | -
Vice-président | vp | -
Directeur commercial | director | sales
Directrice des achats | director | purchasing
Directeur administratif et financier | director | finance
Directrice des ressources humaines | director | people
DRH | director | people
Directeur technique | director | engineering
Directeur d'usine | director | operations
Responsable achats | head | purchasing
Responsable marketing | head | marketing
Responsable logistique | head | operations
Responsable SAV | head | support
Responsable juridique | head | legal
Chef de projet | manager | -
Chef de produit | manager | product
Chef d'équipe | manager | -
Chef des ventes | head | sales
Chef comptable | head | finance
Chef de cuisine | - | -
Coordinatrice | manager | -
Acheteur | - | purchasing
Acheteuse senior | senior | purchasing
Comptable | - | finance
Ingénieure | - | engineering
Développeur web | - | engineering
Chargée de communication | - | marketing
Chargé de recrutement | - | people
Technico-commercial | - | sales
Assistante de direction | - | -
Stagiaire | junior | -
Apprenti | junior | -
Avocate | - | legal
Professeur | - | -
"""

SPANISH = """
Director General | c-level | -
Gerente General | c-level | -
Presidenta | c-level | -
Consejero Delegado | c-level | -
Propietario | c-level | -
Fundador | founder | -
Vicepresidente de Ventas | vp | sales
Directora de Marketing | director | marketing
Director Comercial | director | sales
Director Financiero | director | finance
Jefe de Compras | head | purchasing
Jefa de ventas | head | sales
Jefe de Producción | head | operations
Jefe de Personal | head | people
Jefe de Proyecto | manager | -
Responsable de Recursos Humanos | head | people
Gerente de Ventas | manager | sales
Encargada de Almacén | manager | operations
Coordinador de Logística | manager | operations
Ingeniero de Software | - | engineering
Desarrolladora | - | engineering
Contable | - | finance
Abogada | - | legal
Atención al Cliente | - | support
Comprador | - | purchasing
Becario | junior | -
Secretaria de Dirección | - | -
Profesor | - | -
"""

ITALIAN = """
Amministratore Delegato | c-level | -
Amministratore unico | c-level | -
Amministratore di sistema | - | engineering
Direttore Generale | c-level | -
Titolare | c-level | -
Fondatore | founder | -
Vicepresidente | vp | -
Direttore Vendite | director | sales
Direttrice Marketing | director | marketing
Direttore Risorse Umane | director | people
Direttore di stabilimento | director | operations
Responsabile Acquisti | head | purchasing
Responsabile Ufficio Tecnico | head | engineering
Responsabile Qualità | head | operations
Capo progetto | manager | -
Impiegata | - | -
Ingegnere | - | engineering
Sviluppatore software | - | engineering
Ragioniera | - | finance
Contabile | - | finance
Avvocato | - | legal
Ricercatrice | - | research
Venditore | - | sales
Tirocinante | junior | -
"""

PORTUGUESE = """
Diretor Geral | c-level | -
Diretora Executiva | c-level | -
Sócio-gerente | c-level | -
Proprietária | c-level | -
Fundadora | founder | -
Vice-presidente | vp | -
Diretor Comercial | director | sales
Diretora Financeira | director | finance
Diretor de Recursos Humanos | director | people
Gerente de Compras | manager | purchasing
Gerente de Vendas | manager | sales
Gestora de Marketing | manager | marketing
Coordenador de Produção | manager | operations
Responsável de Qualidade | head | operations
Chefe de Equipa | manager | -
Engenheira | - | engineering
Desenvolvedor | - | engineering
Contabilista | - | finance
Advogado | - | legal
Pesquisadora | - | research
Vendedora | - | sales
Estagiário | junior | -
Professora | - | -
"""

TABLE = [
    [cell.strip() for cell in line.split("|")]
    for text in (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE)
    for line in text.strip().splitlines()
]


def told(title: str) -> tuple[str, str]:
    answers = job_title.PROVIDER.find(Question({"title": title}, {}, ()))
    facts = {answer.field: answer.value for answer in answers}
    return facts.get("seniority", "-"), facts.get("department", "-")


@pytest.mark.parametrize(("title", "seniority", "department"), TABLE)
def test_a_title_tells_rank_and_department(title: str, seniority: str, department: str) -> None:
    assert told(title) == (seniority, department)


@pytest.mark.parametrize(("title", "seniority", "department"), TABLE)
def test_capitals_and_blanks_change_nothing(title: str, seniority: str, department: str) -> None:
    if "it" not in title.lower().split():  # small, it is a word of everyday English
        assert told(f"  {title.upper()} ") == (seniority, department)


def test_an_umlaut_may_be_written_with_an_e() -> None:
    assert words_of("Geschaeftsfuehrer") == words_of("GESCHÄFTSFÜHRER")


def test_a_phrase_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="'head hunter' is given two meanings"):
        Lexicon({"people": "head hunter", "head": "head, head hunter"})
