"""Which department of a company the words of a job title speak of."""

from collections.abc import Mapping, Sequence
from typing import Final

from leadloom.enrich.providers.job_title import german_titles
from leadloom.enrich.providers.job_title.title_words import Lexicon

# Words that name what a department does. The first in a title counts: what follows is the field.
_FUNCTIONS: Final[Mapping[str, str]] = {
    "sales": """
        sales, salesman, saleswoman, salesperson, presales, pre sales, account manager,
        account management, account executive, account director, account representative,
        account supervisor, key account, key accounts, bdr, sdr, business development,
        business developer, chief revenue, cro, revenue operations, sales operations,
        sales engineer, sales engineering, sales support, sales enablement, commercial,
        trade representative, customer sales, partner manager, channel manager,
        partnership, partnerships, chief commercial,
        software sales, vertrieb, vertriebs, verkauf, verkaufs, verkäufer(in), außendienst,
        innendienst, handelsvertreter(in), geschäftsentwicklung, exportleiter(in),
        vente, ventes, vendeur, vendeuse, commerciale, commerciaux, technico commercial(e),
        développement commercial, développement des affaires, grands comptes,
        ventas, vendedor(a), comercial, desarrollo de negocio(s), grandes cuentas,
        vendite, venditore, venditrice, sviluppo commerciale, sviluppo business,
        vendas, desenvolvimento de negócios, área comercial""",
    "marketing": """
        marketing, brand, branding, communication, communications, content, seo, sem, cmo,
        copywriter, public relations, PR, pr manager, social media, growth marketing, media buyer,
        market research, product marketing, marketing operations, event manager, press officer,
        advertising, demand generation, lead generation, lead gen, trade marketing, publicist,
        corporate communications, digital marketing, growth hacker, field marketing,
        kommunikation, unternehmenskommunikation, öffentlichkeitsarbeit, werbung, presse,
        pressesprecher(in), mediengestalter(in), marktforschung, webmarketing,
        relations publiques, publicité, chargé de communication, chef de marque,
        publicidad, relaciones públicas, comunicación, mercadotecnia, mercadeo,
        pubblicità, relazioni pubbliche, comunicazione, ufficio stampa,
        publicidade, relações públicas, comunicação, marca, redes sociais, redes sociales""",
    "engineering": """
        engineer, engineers, engineering, developer, developers, development engineer, programmer,
        devops, sre, cto, cio, ciso, dsi, chief technology, chief technical, chief information,
        chief digital, information technology, information security, it security, cyber security,
        cybersecurity, it operations, it manager, it director, it specialist, it administrator,
        it consultant, it project, head of it, software architect, solution architect,
        solutions architect, cloud architect, enterprise architect, data architect,
        system architect, systems architect, it architect, technical architect,
        system administrator, systems administrator, sysadmin, database administrator,
        network administrator, production engineer, quality engineer, process engineer,
        quality assurance engineer, service reliability engineer, technician, technologist,
        product engineer, marketing engineer, entwickler(in), entwicklung, ingenieur(in),
        techniker(in), konstrukteur(in), konstruktion, programmierer(in), informatiker(in),
        systemadministrator(in), netzwerkadministrator(in),
        softwareentwicklung, edv, chefentwickler(in), technische leitung, technischer leiter,
        technische leiterin, technischer direktor,
        ingénieur(e), ingénierie, développeur, développeuse, informatique, directeur technique,
        directrice technique, responsable technique, technicien(ne), bureau d'études,
        systèmes d'information, administrateur système(s), administratrice système,
        ingeniero, ingeniera, ingeniería, desarrollador(a), desarrollo de software, informática,
        informático, informática, programador(a), director técnico, directora técnica,
        jefe técnico, técnico de sistemas, administrador de sistemas, sistemas,
        ingegnere, ingegneria, sviluppatore, sviluppatrice, sviluppo software, programmatore,
        programmatrice, informatico, direttore tecnico, direttrice tecnica, responsabile tecnico,
        ufficio tecnico, amministratore di sistema, amministratore di rete,
        engenheiro, engenheira, engenharia, desenvolvedor(a), desenvolvimento de software,
        diretor técnico, diretora técnica, analista de sistemas""",
    "purchasing": """
        purchasing, purchaser, procurement, buyer, buyers, buying, sourcing, supply chain,
        category manager, category management, vendor management, supplier management,
        einkauf, einkaufs, einkäufer(in), chefeinkäufer(in), beschaffung, materialwirtschaft,
        achats, achat, acheteur, acheteuse, approvisionnement(s), approvisionneur,
        compras, comprador(a), aprovisionamiento(s), abastecimiento, acquisti, acquisto,
        approvvigionamenti, approvvigionamento, aprovisionamento, suprimentos""",
    "operations": """
        operations, chief operating, coo, production, manufacturing, plant, logistics, warehouse,
        warehousing, quality assurance, quality control, quality manager, quality management,
        maintenance, facility, facilities, fleet, business operations, factory, shipping,
        production planning, continuous improvement, operational excellence,
        produktion, produktions, betrieb, betriebs, fertigung, werk, werks, logistik, lager,
        qualität, qualitätssicherung, qualitätsmanagement, instandhaltung, arbeitsvorbereitung,
        disponent(in), opérations, exploitation, logistique, usine, qualité, atelier, entrepôt,
        operaciones, producción, logística, fábrica, planta, almacén, calidad, mantenimiento,
        operazioni, produzione, logistica, stabilimento, magazzino, qualità, manutenzione,
        operações, produção, armazém, qualidade, manutenção""",
    "finance": """
        finance, finances, chief financial, chief finance, financial controller,
        financial officer, financial director, director financial, financial manager,
        financial analyst, financial accountant, cfo, controller, controlling, accountant,
        accounting, accounts payable, accounts receivable, bookkeeper, bookkeeping, treasury,
        treasurer, auditor, audit, tax, payroll, billing, investor relations, fp&a,
        finanz, finanzen, buchhalter(in), buchhaltung, rechnungswesen, steuerberater(in),
        wirtschaftsprüfer(in), revision, bilanzbuchhalter(in), kaufmännische leitung,
        kaufmännischer leiter, kaufmännische leiterin, kaufmännischer geschäftsführer,
        finance manager, financier, financière, comptable, comptables, comptabilité,
        contrôleur de gestion, contrôleuse de gestion, contrôle de gestion, trésorier, trésorière,
        trésorerie, daf, expert comptable, finanzas, financiero, financiera, contable,
        contabilidad, contador(a), tesorero, tesorera, tesorería, auditor(a),
        finanza, finanziario, finanziaria, contabile, contabilità, ragioniere, ragioniera,
        commercialista, tesoreria, tesoriere, controllo di gestione,
        finanças, financeiro, financeira, contabilista, contabilidade, tesoureiro, tesoureira,
        tesouraria, controladoria""",
    "people": """
        hr, human resources, hrbp, chro, people, chief human resources, chief people,
        people & culture, people operations, talent, talent sourcing,
        recruiter, recruiting, recruitment, headhunter, head hunter,
        learning & development, employer branding, compensation & benefits, employee relations,
        personalwesen, personaler(in), personalabteilung, personalwirtschaft, personalentwicklung,
        ressources humaines, rh, drh, recruteur, recruteuse, recrutement, chargé de recrutement,
        recursos humanos, rrhh, reclutador(a), selección de personal, risorse umane,
        selezione del personale, gestione del personale, recrutador(a), recrutamento,
        gestão de pessoas, relations sociales""",
    "product": """
        product owner, product manager, product management, product director, product lead,
        product designer, product design, product officer, chief product, product strategy,
        product analyst, product specialist, head of product, cpo, ux, ui, ux designer,
        ux researcher, user experience, produktmanagement, produkt, chef de produit,
        cheffe de produit, directeur produit, responsable produit, jefe de producto,
        jefa de producto, gestor de producto, responsabile di prodotto, responsabile prodotto,
        gestor de produto, gerente de produto, gerente de producto, director de producto""",
    "research": """
        research, researcher, r&d, research & development, scientist, chief scientific,
        chief science, forschung, forscher(in), forschung & entwicklung, F&E,
        wissenschaftler(in), wissenschaftliche, wissenschaftlicher, recherche, chercheur,
        chercheuse, recherche & développement, investigación, investigador(a),
        investigación y desarrollo, i+d, ricerca, ricercatore, ricercatrice,
        ricerca e sviluppo, pesquisa, pesquisador(a), pesquisa e desenvolvimento,
        investigação, innovation manager""",
    "support": """
        customer support, customer service, customer success, customer care, customer experience,
        client services, client service, client success, chief customer, technical support,
        it support, user support, product support, application support, help desk, helpdesk,
        service desk, support engineer, support technician, support specialist, support manager,
        support, contact center, call center, after sales, aftersales, field service,
        service engineer, service technician, service manager, kundenservice, kundendienst,
        kundenbetreuer(in), kundenbetreuung, kundenberater(in), servicetechniker(in), servicing,
        service client(s), service après vente, sav, relation client, relation clients,
        support client, support technique, atención al cliente, servicio al cliente, soporte,
        servicio técnico, posventa, postventa, assistenza clienti, servizio clienti,
        assistenza tecnica, supporto, postvendita, atendimento, atendimento ao cliente,
        apoio ao cliente, suporte, pós venda, serviço de apoio""",
    "legal": """
        legal, counsel, lawyer, attorney, solicitor, paralegal, barrister, compliance,
        data protection officer, contract manager, jurist(in), justiziar(in), syndikus,
        rechtsanwalt, rechtsanwältin, rechtsabteilung, datenschutzbeauftragte(r), recht, notar(in),
        avocat(e), juriste, juridique, notaire, abogado, abogada, jurídico, jurídica,
        asesoría jurídica, avvocato, avvocata, legale, legali, ufficio legale, advogado, advogada,
        secretário jurídico""",
    # The words of a department that are none here.
    "": """
        real estate developer, property developer, real estate development, child development,
        commercial property, commercial real estate, commercial pilot, commercial vehicle,
        commercial vehicles, commercial kitchen, commercial counsel, commercial lawyer,
        commercial insurance, commercial banker, commercial banking, document controller,
        air traffic controller, stock controller, traffic controller, design controller,
        people person, talent show, power plant, brand ambassador program, flight operations,
        production designer, production sound, video production, film production,
        music production, television production, human relations, software tester,
        life support, support worker, family support, media relations, community support,
        teaching support, recherche d'emploi, en recherche, sistemas de gestion,
        homme d'affaires, taxi driver""",
}
# Words that only colour: a software sales executive sells. Asked when no function is named.
_FIELDS: Final[Mapping[str, str]] = {
    "engineering": """
        software, technical, technology, IT, it, architect, architecte, arquitecto, arquitecta,
        architetto, arquiteto, technik, technische(r), technique, tecnico, tecnica, técnico,
        técnica, tecnología, tecnologia, ti, web, cloud, data engineer, systems, sviluppo,
        desarrollo, développement, desenvolvimento, software tester, qa""",
    "marketing": "media, press, events, event, growth, digital, messe, messen, prensa, stampa",
    "sales": """
        export, revenue, business developer, territory, account, clients, clientes, clienti,
        esportazione, exportación""",
    "finance": "financial, financials, finanzielle, credit, crédit, comptes",
    "product": "product, products, produit, produits, producto, productos, prodotto, produto",
    "support": """
        service, customer, customers, client, kunden, clientèle, assistenza, cliente, servicio,
        servizio""",
    "people": "personal, personnel, personale, training, ausbildung, formation, formazione",
    "operations": "quality, supply, supplies, distribution, dispatch, operational",
    "research": "innovation, laboratory, labor, innovación, innovazione, inovação",
    "": """
        personal assistant, personal trainer, personal training, personal banker, personal care,
        personal injury, personal stylist, personal shopper, personal chef, personal finance,
        personal lines, personal coach, personal development, personal driver,
        landscape architect, interior architect, training partner, product owner, shared service,
        shared services, financial services, financial advisor, financial adviser,
        financial planner, service public, civil service, food service, social service,
        social services, public service, in training, credit card, account of, digital nomad,
        chef de service, secret service, client side, personal computer, personal tax,
        it is, it was, make it, making it, made it, get it, getting it, do it, doing it,
        product placement, room service, business service""",
}

_FUNCTION: Final = Lexicon(_FUNCTIONS, german_titles.department)
_FIELD: Final = Lexicon(_FIELDS)


def department(words: Sequence[str]) -> str | None:
    """Return the department of whoever bears a title of these words, or None when it tells none."""
    for lexicon in (_FUNCTION, _FIELD):
        if found := lexicon.find(words):
            return found[0].meaning
    return None
