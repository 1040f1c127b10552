"""What kind of mailbox an address is: shared by a role, or free for anybody to open."""

import re
from functools import lru_cache

# The first word before the @ that speaks of a function rather than a person.
_ROLES = frozenset(
    """
    info infos information informationen informacion informazioni informacoes
    contact contacts contactus contacto contato contatto contatti contactez kontakt kontakte
    hello hallo hi hola bonjour ciao ola hey welcome willkommen
    sales sale vertrieb verkauf ventas ventes vendite vendas commercial commerciale comercial
    office buero buro bureau oficina ufficio escritorio secretariat sekretariat segreteria
    secretaria secretary reception empfang recepcion accueil frontdesk zentrale
    support help helpdesk service services kundenservice kundendienst customerservice
    customercare customersupport customer customers care soporte assistance assistenza suporte
    servicedesk serviceteam sav atendimento sac
    admin administrator administration administracion administracao amministrazione verwaltung
    root sysadmin system it edv webmaster postmaster hostmaster web website webshop
    mail mailbox email post postfach poststelle inbox correo courrier posta
    team all everyone staff company firma empresa azienda societe group club
    marketing werbung publicidad pubblicita publicidade media medien press presse prensa stampa
    imprensa pr newsroom news newsletter redaktion redaccion redaction redazione editor editorial
    hr jobs job career careers karriere bewerbung bewerbungen recruiting recruitment talent
    personal personalabteilung rh rrhh empleo emploi lavoro vagas humanresources
    billing invoice invoices rechnung rechnungen rechnungswesen faktura facturas facturation
    facturacion fatture fatturazione financeiro finance finanzen accounting accounts
    accountspayable accountsreceivable buchhaltung contabilidad contabilita comptabilite
    contabilidade payments payment payroll
    einkauf purchasing procurement compras achats acquisti beschaffung
    order orders bestellung bestellungen pedidos commandes ordini shop store tienda boutique
    booking bookings buchung reservierung reservations reservation reservas prenotazioni
    events event veranstaltungen eventos
    legal recht rechtsabteilung privacy datenschutz dpo gdpr dsgvo compliance abuse security
    noreply no-reply donotreply do-not-reply nicht-antworten mailer-daemon bounce bounces
    notifications notification alerts
    anfrage anfragen enquiry enquiries inquiry inquiries request requests consultas demande
    feedback partner partners partnership partnerships investor investors ir
    management geschaeftsleitung geschaeftsfuehrung direktion direccion direction direzione
    direcao gl gf board vorstand
    praxis kanzlei studio hotel restaurant werkstatt labor lager warehouse logistik logistics
    versand export import technik technical tech dev development engineering produktion quality
    training schulung academy demo test testing
    """.split()  # noqa: SIM905
)
_WORDS = re.compile(r"[._+\-\d]+")

_FREE_BRANDS = frozenset(
    "gmail googlemail yahoo ymail rocketmail hotmail outlook gmx aol yandex protonmail".split()  # noqa: SIM905
)
_BRAND_ENDING = re.compile(r"(?:com?\.|net\.)?[a-z]{2,3}")
_FREE = frozenset(
    """
    web.de freenet.de t-online.de arcor.de online.de email.de mail.de vodafone.de kabelmail.de
    unitybox.de unity-mail.de 1und1.de alice.de alice-dsl.net gmx.net posteo.de posteo.net
    mailbox.org magenta.de netcologne.de ewetel.net aon.at chello.at a1.net inode.at utanet.at
    bluewin.ch hispeed.ch sunrise.ch swissonline.ch bluemail.ch
    live.com live.de live.fr live.it live.nl live.be live.at live.se live.dk live.no live.ca
    live.cl live.com.mx live.com.ar live.com.au live.com.pt live.co.uk live.co.za live.in live.ie
    msn.com passport.com windowslive.com icloud.com me.com mac.com aim.com mail.com email.com
    usa.com consultant.com engineer.com europe.com post.com inbox.com zohomail.com zohomail.eu
    proton.me pm.me tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me fastmail.com
    fastmail.fm hushmail.com hey.com duck.com gmx.com lycos.com excite.com juno.com netzero.net
    orange.fr wanadoo.fr laposte.net free.fr sfr.fr neuf.fr bbox.fr numericable.fr club-internet.fr
    aliceadsl.fr cegetel.net 9online.fr noos.fr
    telefonica.net terra.es ono.com ya.com movistar.es wanadoo.es
    libero.it virgilio.it alice.it tin.it tim.it tiscali.it inwind.it iol.it fastwebnet.it
    email.it aruba.it poste.it pec.it
    sapo.pt clix.pt netcabo.pt iol.pt mail.telepac.pt uol.com.br bol.com.br terra.com.br ig.com.br
    globo.com globomail.com r7.com oi.com.br zipmail.com.br
    btinternet.com btopenworld.com virginmedia.com virgin.net ntlworld.com blueyonder.co.uk sky.com
    talktalk.net tiscali.co.uk o2.co.uk eircom.net
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net
    optonline.net optimum.net roadrunner.com rr.com frontier.com frontiernet.net windstream.net
    centurylink.net suddenlink.net mindspring.com prodigy.net pacbell.net ameritech.net
    shaw.ca rogers.com sympatico.ca telus.net videotron.ca bell.net cogeco.ca
    bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au internode.on.net xtra.co.nz
    telenet.be skynet.be proximus.be scarlet.be ziggo.nl kpnmail.nl planet.nl home.nl hetnet.nl
    xs4all.nl upcmail.nl casema.nl chello.nl quicknet.nl pt.lu
    telia.com comhem.se bredband.net spray.se online.no broadpark.no c2i.net mail.dk tdcadsl.dk
    stofanet.dk luukku.com kolumbus.fi elisanet.fi pp.inet.fi suomi24.fi
    wp.pl o2.pl onet.pl onet.eu interia.pl interia.eu gazeta.pl poczta.fm op.pl tlen.pl vp.pl
    seznam.cz email.cz centrum.cz post.cz volny.cz atlas.cz azet.sk centrum.sk zoznam.sk
    freemail.hu citromail.hu abv.bg mail.bg dir.bg otenet.gr siol.net net.hr
    mail.ru inbox.ru list.ru bk.ru internet.ru rambler.ru ya.ru ukr.net i.ua meta.ua bigmir.net
    inbox.lv delfi.lt
    qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net 139.com 189.cn sina.com sina.cn
    sohu.com aliyun.com tom.com 21cn.com
    naver.com daum.net hanmail.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp
    nifty.com excite.co.jp hinet.net pchome.com.tw
    rediffmail.com rediff.com indiatimes.com sify.com walla.co.il walla.com netvision.net.il
    mynet.com mweb.co.za telkomsa.net vodamail.co.za
    mailinator.com yopmail.com guerrillamail.com 10minutemail.com temp-mail.org trashmail.com
    """.split()  # noqa: SIM905
)


def is_role(email: str) -> bool:
    """Whether an address belongs to a function (info@, vertrieb-nord@) rather than a person."""
    local = email.partition("@")[0].lower()
    return local in _ROLES or next(filter(None, _WORDS.split(local)), "") in _ROLES


def is_free(domain_or_email: str) -> bool:
    """Whether anybody can get an address there, so that the domain names no company."""
    return _is_free(domain_or_email.rpartition("@")[2])


@lru_cache(maxsize=16384)
def _is_free(domain: str) -> bool:
    domain = domain.lower()
    if domain in _FREE:
        return True
    brand, _, ending = domain.partition(".")
    return brand in _FREE_BRANDS and _BRAND_ENDING.fullmatch(ending) is not None
