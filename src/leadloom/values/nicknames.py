"""Short and familiar forms of given names, in English, German, French, Spanish, Italian and
Portuguese, and the usual ones in Polish, Czech, Dutch, Russian, Greek and Hungarian. Each line
holds forms one person may go by; a form may stand on several lines."""

from leadloom.values.text import fold, fold_umlauts

_LINES = """
alexander alex alec sandy xander sascha sasha alessandro alejandro alexandre alexandros sander olek
alexandra alex sandra sandy sascha sasha alessandra alejandra lexi ola
abigail abby gail
adam ad
adelheid heidi
agnes agi agnieszka aga
albert al bert albrecht alberto berto
alfred al fred freddy alfredo
alison ali allie allison
amanda mandy
andrew andy drew andreas andre andrea andres andi
andrea andi andy
angela angie angelika geli angelica
anna ann anne annie anja anita hanna ana ania
anthony tony anton toni antonio antoine antony ton
antonia toni
arthur art artur arturo
barbara barb babs babette barbro basia
beatrice bea beatrix trixi beatriz
benjamin ben benny benji benjamino
bernard bernie bernhard bernd bernardo
bertha berta
bridget bridie birgit biggi
caroline carol carrie carolin caro karoline carolina
catherine cathy kate katie kathy kat katherine kathryn cat catharina katharina kathrin katrin
katharina katrin kathrin kathi katja kate katarina catarina caterina kaethe kati
charles charlie chuck chas carl karl carlos carlo charly
charlotte lotte charlie lottie carlota
christian chris cristian kristian christiano
christine chris tina christina christel kristin kristina kirsten cristina chrissy
christopher chris topher kit christoph christophe cristobal cristoforo cristovao kristof
clara klara claire
claudia claudi
clifford cliff
cornelius cornel nils conny
cornelia conny nele
daniel dan danny dani daniele daniil
daniela dani danielle
david dave davy davide
deborah deb debbie debra debora
dennis denny denis
dieter didi dietrich
dominic dom nick dominik dominique domenico domingo
donald don donnie
dorothy dot dottie dora dorothea doro dorothee
douglas doug
eberhard eb hardy
edward ed eddie ted ned teddy eduard eduardo edouard edoardo
edmund ed eddie ned
eleanor ellie nell nora eleonore eleonora lenore
elizabeth liz beth lizzie betty eliza elisabeth lisa lise lisbeth elsa else elisa isabel betsy
ella elle
emily em emmy emilia emilie emma
emmanuel manu manuel emanuel manolis
enrico rico
eric rick erik erich
ernest ernie ernst ernesto
eugene gene eugen eugenio
evelyn eve evi eva
ferdinand ferdi fernando nando
florian flo
frances fran frannie fanny
francesca franca cesca
francis frank fran franz francois francesco francisco paco pancho franco chico frankie
francisco paco pancho curro kiko chico
franziska franzi fran franka
frederick fred freddie rick friedrich fritz frederic federico frederik fredi
gabriel gabe gabriele
gabriele gabi gaby gabriela gabrielle
gerald gerry jerry gerd gerhard gerardo
gerhard gerd gert
george georg jorge giorgio georges joerg jurgen yuri
geoffrey geoff jeff jeffrey gottfried
gerard gerry gerardo
giovanni gianni vanni nino
giuseppe beppe pino peppe joseph
gregory greg gregor gregorio gregg
guenter gunter gunther guenther
guillermo memo guille william guillaume
gustav gus gustavo
hannah hanna johanna
harold harry hal harald haraldo
heinrich heinz heiner henry hinrich
helen nell ellen helena helene lena elena yelena
henry harry hank heinrich henri enrique henrik hal enrico henning
herbert herb bert heribert
hubert hub bert
ignacio nacho
ines agnes
isabella bella izzy isabel isabelle isa bell isabell
jacob jake jakob jack jacques giacomo jaime james
jacqueline jackie
james jim jimmy jamie jaime jacques jem
jane janie jean joan jana
janet jan
jean john
jeffrey jeff geoffrey
jennifer jen jenny jenn jenni
jeremy jerry jeremiah jeremias
jessica jess jessie jessi
joachim jochen achim jo joaquin
joan jo joanna johanna asia
joaquin quino
johanna hanna jo joan johanne
john jack johnny jon johann jan hans johannes giovanni juan jean joao ivan ian sean jonny
johannes hans jo johann hannes jan john
jonathan jon johnny nathan jonny
joseph joe joey josef jose giuseppe sepp jupp pepe beppe pepito
jose pepe pepito chepe joseph ze
josephine jo josie josefine josefa fine
joshua josh josue
juan juanito juancho
judith judy judi
julian jules julien julio giuliano
julia julie juliane jule giulia
karin karen carina
karl carl charles kalle
kenneth ken kenny
kimberly kim
klaus claus nikolaus nick
konrad conny conrad kurt
konstantin kosta constantin costa
kristina tina kris krista
laura laurie lauren
laurence larry lawrence lorenz laurent lorenzo laurie lars
leo leon leonard leopold leonardo leonhard lenny len
leonard len lenny leo leonhard leonardo
leopold poldi leo
lewis lou louis ludwig luis luigi luiz lutz
louis lou luis luigi louie ludwig
louise lou luise lulu luisa
lucas luke luca lukas luc
lucy lucia lucie luz
magdalena lena magda madeleine maddy leni
manfred fred manni mani
manuel manolo manu manny
manuela manu ela
marcus mark marc markus marco marcos marek
margaret maggie meg peggy marge margo greta margarete margarita gretchen rita margherita margit
maria mary marie mia mitzi mimi maren marija masha marysia maryja
maria mari mariana mariella
marianne anne mari marianna
martha marta marty
martin marty martino
martina tina
mary maria marie molly polly mae mamie
matthew matt matty mat matthias mathieu matteo mateo matthieu matthaeus mats
matthias matze mathias matti hias mathis
maurice moritz mauricio maurizio mo
maximilian max maxi massimiliano maximiliano
melanie mel melly
melissa mel missy lissa
michael mike mick mickey michel michele miguel mikhail mischa michi mikael michal misha
michaela michi ela micaela
michelle shelly michele
monica moni monika monique
nathaniel nate nathan nat
natalie nat natalia natascha nathalie natasha
nicholas nick nicky nico nicolas niklas nikolaus nicola klaus niko nils nicolo claus
nicole nicky nikki nico nicola
norbert bert norb
oliver ollie olli olivier oliviero
olivia liv livia livvy
otto odo
pamela pam
patricia pat patty tricia trish patrizia patti
patrick pat paddy patrice patricio patrizio
paul pablo paolo pavel pauli paulo pawel pasha
paula paola pauline paulina
peter pete pierre pedro pietro petr piet petrus per
petra peggy
philip phil pip philipp philippe felipe filippo phillip filipe
rachel rae rachael raquel
rafael rafa raphael raffaele
raymond ray raimund raimondo ramon
rebecca becky becca rebekka
reinhard reini hardy
richard rick dick rich richie ricky ricardo riccardo rik
robert bob rob bobby robbie bert roberto robin rupert
roberta bobbie robbie
roderick rod rick rodrigo
roger rodge ruediger rodger
roland rollo rolando orlando
ronald ron ronnie ronny ronaldo
rosemary rose rosie rosemarie
rudolf rudi rolf rudy rodolfo rudolph
salvador chava salva
salvatore toto turi sal
samantha sam sammy
samuel sam sammy samy samuele
sandra sandy sandi
sarah sara sally sadie
sebastian seb basti bastian sebastiano sebastien
sergio checo serge sergej
sharon shari shaz
siegfried sigi siggi
simon simone simeon
simone mona simona
sophie sofia sophia sonja sofie zofia zosia
stanley stan stanislaus
stefan stephan stefano stephen steven steve stephane esteban estevao steffen etienne stef stevie
stephanie steph stefanie steffi stefania stephi
susan sue susie suzy suzanne susanne susanna sanne susana susi sanna
sylvia silvia
teresa terry tess theresa therese tessa resi teresita tere
terence terry terrence
theodore ted theo teddy theodor teodoro
theresia resi therese
thomas tom tommy tomas tommaso tomaso
timothy tim timmy timotheus timo timoteo
tobias toby tobi tobie
ulrich uli ulli
ulrike uli rike ulla
ursula ulla uschi ursel
valentin val valentino
veronica vero ronnie veronika veronique
victor vic viktor vittorio vik
victoria vicky tori viktoria vittoria vicki
vincent vince vinny vincenzo vicente vinzenz enzo
virginia ginny ginger
walter walt wally walther gualtiero
wilhelm willi willy will william helmut
william bill will billy willy liam wilhelm guillaume guglielmo guillermo willem guilherme wim
wolfgang wolf wolfi
yolanda yoli
yvonne yvi
zachary zach zack
adrian ad adrianus
aleksander alexander olek sasha alex
aleksandra alexandra ola sasha
aleksei alexei alyosha lyosha alexey alexis
anastasia nastya nastia nastja stasia
anatoly tolya anatolij
bartosz bartek bart bartlomiej bartholomew
boris borya
cornelis kees cees cor cornelius
danuta danka danusia
dimitrios dimitris mitsos dimitri
dmitry dima mitya dmitri dimitri
dorota dorotka dorothy dorothea
ekaterina katya katja yekaterina katerina catherine katharina
elzbieta ela elka elizabeth elisabeth
erzsebet erzsi bozsi elizabeth elisabeth
evgeny zhenya yevgeny jewgeni eugene
ewa ewka eve
ferenc feri francis franz
franciszek franek francis franz
frantisek franta francis franz
georgios giorgos yorgos george georg
grigory grisha gregory
grzegorz grzesiek grzes gregory gregor
gyorgy gyuri george georg
hendrik henk rik hein henry heinrich
ibrahim ibo
ioannis yannis giannis john
irina ira
istvan pista pisti stephen stefan
jacobus jaap koos jacob jakob
jakub kuba jacob jakob
jan janek honza jasiek hannes john johannes
jaroslav jarda
jerzy jurek george georg
jiri jirka george georg
jozef jozek joseph josef
jozsef joska joseph josef
katalin kati kata catherine katharina
katarzyna kasia kaska catherine katharina katarina
kathleen kathy kate kath cathleen
kazimierz kazik
konstantinos kostas constantine konstantin
krystyna krysia christine kristina
krzysztof krzysiek krzys christopher christoph
laszlo laci
ludmila lyuda lida ljudmila
lukasz lukas luke lucas
malgorzata gosia malgosia margaret margarete
martijn tijn martin
mateusz mati matthew matthias
matthijs thijs thys matthew matthias
michiel chiel michael
mikolaj miki nicholas nikolaus
mustafa musti
nicolaas klaas nico nicholas nikolaus
nikolai kolya nicholas nikolaus
nikolaos nikos nicholas nikolaus
olga olya olja
panagiotis panos
piotr piotrek peter
ryszard rysiek richard
sergei seryozha sergey sergej
stanislaw staszek stan stanislav
svetlana sveta swetlana
tadeusz tadek
tatiana tanya tanja tatjana
tomasz tomek thomas
vaclav vasek
vladimir vova volodya wladimir vlad
wojciech wojtek
yulia yulya julija julia
zbigniew zbyszek
zsuzsanna zsuzsa susanna susan
"""

_GROUPS: dict[str, frozenset[int]] = {}
for _number, _line in enumerate(_LINES.strip().splitlines()):
    for _name in _line.split():
        _key = fold_umlauts(fold(_name))
        _GROUPS[_key] = _GROUPS.get(_key, frozenset()) | {_number}


def may_be_same(one: str, other: str) -> bool:
    """Whether two given names, folded, are forms that one person may go by."""
    return not _GROUPS.get(one, frozenset()).isdisjoint(_GROUPS.get(other, frozenset()))


def is_given(name: str) -> bool:
    """Whether a folded word is known as somebody's given name, or a form of one."""
    return name in _GROUPS


def family_of(name: str) -> str:
    """Return one form that stands for all that a folded name may be, directly or through others.

    Coarser than `may_be_same`: Alexander and Alexandra meet in Alex. Other words are as they are.
    """
    return _FAMILIES.get(name, name)


def chief_of(name: str) -> str:
    """Return the form that a folded name is mostly short for: Bob is Robert, and Mary is Mary.

    Finer than `family_of`, to which Mary, Anna and Jean are one, each through another's forms.
    Other words are as they are.
    """
    return _CHIEFS.get(name, name)


def _chiefs() -> dict[str, str]:
    lines = [[fold_umlauts(fold(word)) for word in one.split()] for one in _LINES.splitlines()]
    found = {line[0]: line[0] for line in lines if line}
    for line in lines:
        for name in line:
            found.setdefault(name, line[0])
    return found


def _families() -> dict[str, str]:
    above: dict[str, str] = {}

    def head(name: str) -> str:
        while (one := above.setdefault(name, name)) != name:
            name = one
        return name

    for line in _LINES.strip().splitlines():
        first, *others = (fold_umlauts(fold(word)) for word in line.split())
        for other in others:
            above[head(other)] = head(first)
    return {name: head(name) for name in above}


_FAMILIES = _families()
_CHIEFS = _chiefs()
