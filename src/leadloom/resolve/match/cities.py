"""Cities that other languages, former days and short forms call otherwise."""

from functools import lru_cache

from leadloom.resolve.match.words import words_of

# What a city is called here, as `words_of` writes it, and what it is called elsewhere. Names that
# are those of another large city, too, are left out: Monaco, Tolosa, Vitoria.
_CALLED = """
aachen: aix la chapelle, aquisgran, aquisgrana
berlin: berlino, berlim
braunschweig: brunswick
dresden: dresde, dresda
frankfurt: frankfurt am main, frankfurt main, frankfurt a m, frankfurt a main, francfort
hamburg: hambourg, amburgo, hamburgo
hannover: hanover, hanovre
koln: cologne, colonia, keulen
konstanz: constance
leipzig: lipsia
mainz: mayence, maguncia, magonza
munchen: munich, monaco di baviera, munique
nurnberg: nuremberg, norimberga
regensburg: ratisbon, ratisbonne, ratisbona
stuttgart: stoccarda
trier: treves, treviri
salzburg: salzbourg, salisburgo
wien: vienna, vienne, viena
basel: basle, bale, basilea
bern: berne, berna
biel: bienne, biel bienne
geneve: geneva, genf, ginevra, ginebra, genebra
lausanne: losanna
luzern: lucerne, lucerna
neuchatel: neuenburg
saint gallen: saint gall, san gallo
zurich: zurigo, zurique
bolzano: bozen, bolzano bozen
firenze: florence, florenz, florencia, florenca
genova: genoa, genua, genes
livorno: leghorn
merano: meran
milano: milan, mailand, milao
napoli: naples, neapel, napoles
padova: padua, padoue
roma: rome, rom
torino: turin, turim
trento: trient, trent
venezia: venice, venedig, venise, venecia, veneza
bordeaux: burdeos
lille: rijsel
lyon: lyons, lione
marseille: marseilles, marsiglia, marsella, marselha
mulhouse: mulhausen
nice: nizza, niza
paris: parigi, parijs
strasbourg: strassburg, strasburgo, estrasburgo, straatsburg
antwerpen: antwerp, anvers, amberes, anversa
brugge: bruges, brujas
bruxelles: brussels, brussel, bruselas, bruxelas, bruxelles brussel, brussel bruxelles
gent: ghent, gand, gante
leuven: louvain, lowen
liege: luik, luttich, lieja, liegi
luxembourg: luxemburg, lussemburgo, luxemburgo, luxembourg city, luxembourg ville, letzebuerg
mechelen: malines
den haag: the hague, la haye, la haya, s gravenhage, gravenhage, haia
den bosch: s hertogenbosch, hertogenbosch
goteborg: gothenburg, gotemburgo
helsinki: helsingfors
kobenhavn: copenhagen, kopenhagen, copenhague, copenaghen, cph
espoo: esbo
tampere: tammerfors
turku: abo
brno: brunn
kosice: kaschau
plzen: pilsen
praha: prague, prag, praga
gdansk: danzig
katowice: kattowitz
krakow: cracow, krakau, cracovie, cracovia
lodz: lodsch
poznan: posen
szczecin: stettin
warszawa: warsaw, warschau, varsovie, varsavia, varsovia
wroclaw: breslau
beograd: belgrade, belgrad, belgrado
brasov: kronstadt
bucuresti: bucharest, bukarest, bucarest
chisinau: kishinev, kischinau
cluj napoca: cluj, klausenburg, kolozsvar
ljubljana: laibach, lubiana
sibiu: hermannstadt
sofia: sofiya, sofija
timisoara: temeswar
zagreb: agram
athina: athens, athen, athenes, atene, atenas
thessaloniki: salonica, saloniki, thessalonique
kharkiv: kharkov, charkiw, charkow
kyiv: kiev, kiew, kiiv, kijow, kyjiw
lviv: lvov, lemberg, lwow
odesa: odessa
moskva: moscow, moskau, moscou, mosca, moscu
saint petersburg: saint peterburg, saint petersbourg, san pietroburgo, petersburg
tallinn: reval
vilnius: wilna, wilno
tbilisi: tiflis
yerevan: erevan, eriwan, jerewan
almaty: alma ata
astana: nur sultan
istanbul: stambul, estambul
izmir: smyrna
a coruna: la coruna, corunna
barcelona: barcelone, barcellona
bilbao: bilbo
donostia: san sebastian, donostia san sebastian
lisboa: lisbon, lissabon, lisbonne, lisbona
pamplona: iruna
porto: oporto
sevilla: seville, siviglia, sevilha
vitoria gasteiz: gasteiz
zaragoza: saragossa, saragosse
dublin: dublino, baile atha cliath
edinburgh: edimbourg, edinburg, edimburgo
london: londres, londra, londen
new york: nyc, new york city, nueva york, nova york, nova iorque
philadelphia: philly, filadelfia
san francisco: sf, san fran
washington: washington dc, washington d c
quebec: quebec city, ville de quebec
bogota: bogota d c, bogota dc, santafe de bogota
mexico city: ciudad de mexico, cdmx, mexico d f, mexico df, mexiko stadt
rio de janeiro: rio
beijing: peking, pekin, pechino, pequim, 北京, 北京市
guangzhou: canton, kanton, 广州, 广州市
hong kong: hongkong, 香港
shanghai: schanghai, xangai, 上海, 上海市
shenzhen: 深圳, 深圳市
taipei: taipeh, 台北, 台北市, 臺北, 臺北市
kyoto: kioto, 京都, 京都市
nagoya: 名古屋, 名古屋市
osaka: 大阪, 大阪市
tokyo: tokio, toquio, 東京, 東京都
yokohama: 横浜, 横浜市
busan: pusan, 부산, 부산광역시
seoul: seul, 서울, 서울특별시
ha noi: hanoi
ho chi minh city: saigon, hcmc, ho chi minh, thanh pho ho chi minh, tp ho chi minh
singapore: singapur, singapour
yangon: rangoon, rangun
bengaluru: bangalore
chennai: madras
delhi: new delhi, neu delhi, nuova delhi, nueva delhi
gurugram: gurgaon
kochi: cochin
kolkata: calcutta, kalkutta
mumbai: bombay
pune: poona
thiruvananthapuram: trivandrum
abu dhabi: abu zabi
beirut: beyrouth, bayrut
cairo: kairo, le caire, il cairo, el cairo
damascus: damaskus, damas
jeddah: jiddah, dschidda
jerusalem: yerushalayim, gerusalemme
mecca: makkah, mekka
riyadh: riad, ar riyad
tehran: teheran
tel aviv: tel aviv yafo, tel aviv jaffa
algiers: alger, algier, algeri
addis ababa: addis abeba
cape town: kapstadt, kaapstad, le cap, ciudad del cabo
gqeberha: port elizabeth
johannesburg: joburg, jhb
"""
_OWN_NAME = {
    " ".join(words_of(alias)): own
    for own, _, aliases in (line.partition(":") for line in _CALLED.strip().splitlines())
    for alias in aliases.split(",")
}
# "St. Gallen", "Sankt Gallen": the short word before a name.
_WRITTEN_OUT = {"st": "saint", "sankt": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


@lru_cache(maxsize=16384)
def own_name(city: str) -> str:
    """Return a city as it is compared: folded, by one name in whatever language it is written."""
    first, *others = words_of(city) or ("",)
    name = " ".join((_WRITTEN_OUT.get(first, first) if others else first, *others))
    return _OWN_NAME.get(name, name)
