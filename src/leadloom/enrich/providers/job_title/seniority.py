"""How senior the words of a job title say somebody is."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Final

from leadloom.enrich.providers.job_title import german_titles
from leadloom.enrich.providers.job_title.title_words import BREAK, Lexicon

RANKS: Final = (
    "founder",
    "c-level",
    "vp",
    "director",
    "head",
    "junior",
    "manager",
    "senior",
)
"""Of two ranks in a title the first of these counts: a junior manager is a junior, but a director
of a junior school is a director."""

_ASSISTS: Final = "assists"

_PHRASES: Final[Mapping[str, str]] = {
    "founder": """
        founder, cofounder, co founder, founding partner, founding member,
        gründer(in), mitgründer(in), mitbegründer(in), firmengründer(in), gründungspartner(in),
        fondateur, fondatrice, cofondateur, cofondatrice, co fondateur, co fondatrice,
        fundador(a), cofundador(a), co fundador(a), fondatore, cofondatore, co fondatore,
        cofondatrice""",
    "c-level": """
        ceo, cto, cfo, coo, cmo, cio, cpo, cso, cro, chro, ciso, cdo, cco, clo, cao, cxo,
        president, chairman, chairwoman, chairperson, chair of the board,
        managing director, managing partner, owner, co owner, coowner, owner operator, proprietor,
        geschäftsführer(in), geschäftsführung, geschäftsführende(r), geschäftsleiter(in),
        geschäftsleitung, mitgeschäftsführer(in), inhaber(in), mitinhaber(in), firmeninhaber(in),
        eigentümer(in), unternehmer(in), vorstand, vorstands, vorständin, vorstandsmitglied,
        vorstandsvorsitzende(r), vorstandssprecher(in), präsident(in), generaldirektor(in), GF,
        pdg, président(e), directeur général, directrice générale, direction générale, gérant(e),
        co gérant(e), cogérant(e), propriétaire, dirigeant(e), chef d'entreprise, patron(ne),
        directeur général délégué, directrice générale déléguée, DG,
        director general, directora general, director ejecutivo, directora ejecutiva,
        director gerente, directora gerente, gerente general, presidente, presidenta,
        consejero delegado, consejera delegada, propietario, propietaria, dueño, dueña,
        administrador único, administradora única, empresario, empresaria,
        direttore generale, direttrice generale, amministratore delegato,
        amministratrice delegata, amministratore unico, amministratrice unica, amministratore,
        amministratrice, titolare, proprietario, proprietaria, imprenditore, imprenditrice,
        diretor geral, diretora geral, diretor presidente, diretora presidente,
        diretor executivo, diretora executiva, administrador delegado, sócio gerente,
        proprietário, proprietária, empresário, empresária""",
    "vp": """
        vp, svp, evp, avp, rvp, gvp, vice president, vicepresident, vice präsident(in),
        vizepräsident(in), vice président(e), vicepresidente, vicepresidenta, vice presidenta""",
    "director": """
        director, directors, partner, general manager, executive director, direktor(in),
        prokurist(in), prokura, gesellschafter(in), handlungsbevollmächtigte(r),
        directeur, directrice, associé(e), daf, drh, dsi, directora, socio, socia,
        direttore, direttrice, diretor(a), sócio, sócia, subdirector(a), codirector(a)""",
    "head": """
        head, heads, chief, leiter(in), leitung, leitende(r), verantwortliche(r),
        ressortleiter(in), chefin, responsable, chef de, chef des, chef du, chef d, chef comptable,
        cheffe, jefe, jefa, responsabile, capo, responsável, chefe, chief of staff""",
    "manager": """
        manager(in), managers, shift leader, group leader, coordinator, supervisor,
        team lead(er), teamlead(er), team captain, foreman, forewoman,
        superintendent, vorarbeiter(in), koordinator(in), betriebsmeister(in), gestionnaire,
        chef de projet, cheffe de projet, chef de produit, cheffe de produit,
        chef de marché, chef de secteur, chef d'équipe, cheffe d'équipe, chef d'atelier,
        chef de chantier, chef de groupe, chef de rayon,
        coordinateur, coordinatrice, coordonnateur, coordonnatrice, superviseur, superviseure,
        jefe de proyecto(s), jefa de proyecto(s), jefe de producto, jefa de producto,
        jefe de equipo, jefa de equipo, gerente, encargado, encargada, coordinador(a),
        supervisor(a), gestor(a), capo progetto, capoprogetto, capo cantiere, capocantiere,
        capo squadra, caposquadra, coordinatore, supervisore, gestore, coordenador(a),
        chefe de equipa, chefe de equipe, chefe de projeto, chefe de projecto, bürovorsteher(in),
        filialleitung""",
    "senior": """
        senior, seniore, sr, snr, principal, lead, leading, staff engineer, staff software,
        staff developer, staff scientist, staff designer, staff architect, staff data,
        staff product, sênior, confirmé(e), chevronné(e)""",
    "junior": """
        junior, jr, jnr, intern, internship, trainee, apprentice, student, working student,
        graduate trainee, entry level, praktikant(in), praktikum, werkstudent(in), studentische,
        auszubildende(r), azubi, lehrling, volontär(in), dualer student, duale studentin,
        stagiaire, apprenti(e), alternant(e), becario, becaria, practicante, pasante, aprendiz,
        stagista, tirocinante, apprendista, praticante, estagiário, estagiária, júnior,
        jovem aprendiz, étudiant(e), estudiante, studente, studentessa, estudante""",
    # The words of a rank that are none here.
    "": """
        küchenchef(in), head hunter, head office, head start, head chef, sous chef,
        executive chef, pastry chef, private chef, personal chef, chef de cuisine,
        chef de partie, chef de rang, chef cook,
        product owner, process owner, service owner, data owner, application owner, risk owner,
        system owner, platform owner, home owner, owner relations, owner services,
        business partner, hr partner, people partner, talent partner, finance partner,
        channel partner, training partner, technology partner, alliance partner, sparring partner,
        partner account, partner development, partner enablement, partner management,
        partner marketing, partner program(me), partner relations, partner sales, partner success,
        partner solutions, sales partner, implementation partner, delivery partner,
        lead generation, lead gen, lead management, lead nurturing, lead qualification,
        lead to cash, senior living, senior care, senior center, senior services, senior citizens,
        student affairs, student services, student success, student support, student life,
        student housing, student recruitment, student counsellor, student counselor,
        amministratore di sistema, amministratore di sistemi, amministratrice di sistema,
        amministratore di rete, amministratore di condominio, amministratore sistemi, office of,
        intern medicine, patron saint, leading edge""",
    # Whoever assists a rank does not hold it.
    _ASSISTS: """
        assistant to, assistants to, assistant of, executive assistant, personal assistant,
        management assistant, pa to, ea to, aide to, advisor to, adviser to, secretary to,
        reporting to, on behalf of, deputy to, assistenz, assistent(in) der, assistent(in) des,
        assistent(in) von, assistent(in) vorstand, assistent(in) geschäftsführung,
        assistent(in) geschäftsleitung, sekretär(in), sekretariat, referent(in) der,
        referent(in) des, referent(in) vorstand, referent(in) geschäftsführung, büro des,
        assistant du, assistante du, assistant de, assistante de, assistant des, assistante des,
        secrétaire, attaché de, attachée de, asistente de, asistente del, asistente a,
        secretario de, secretaria de, secretario del, secretaria del, assistente di,
        assistente del, assistente della, assistente alla, segretario di, segretaria di,
        segreteria di, assistente de, assistente da, assistente do, secretário de, secretária de,
        secretária da, secretária do, former, formerly, ex, ehemalige(r), ehem, ancien, ancienne,
        retired""",
}

_LEXICON: Final = Lexicon(_PHRASES, german_titles.rank)
_MOST_BETWEEN: Final = 4  # "Chief Human Resources & Culture Officer"


def seniority(words: Sequence[str]) -> str | None:
    """Return the rank of whoever bears a title of these words, or None when it tells none."""
    found = []
    for part in _parts(words):
        for match in _LEXICON.find(_without_chiefs(part)):
            if match.meaning == _ASSISTS:
                break
            found.append(match.meaning)
    if words and found[:1] == ["junior"] and _begins_as(words, "junior"):
        return "junior"
    return min(found, key=RANKS.index, default=None)


def _begins_as(words: Sequence[str], rank: str) -> bool:
    matches = _LEXICON.find(words[:3])
    return bool(matches) and matches[0].place == 0 and matches[0].meaning == rank


def _parts(words: Sequence[str]) -> list[list[str]]:
    """Cut words at the breaks."""
    parts: list[list[str]] = []
    rest = list(words)
    while rest:
        part = list(takewhile(lambda word: word != BREAK, rest))
        rest = rest[len(part) + 1 :]
        if part:
            parts.append(part)
    return parts


def _without_chiefs(part: Sequence[str]) -> list[str]:
    """Write "chief … officer" as the one rank it is, whatever stands in between."""
    if "chief" not in part:
        return list(part)
    begin = part.index("chief")
    reach = part[begin : begin + _MOST_BETWEEN + 2]
    if "officer" not in reach:
        return list(part)
    return [*part[:begin], "ceo", *part[begin + reach.index("officer") + 1 :]]
