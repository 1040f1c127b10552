"""Legal forms of companies in many countries, as they stand at the end of a name."""

# One entry a form: folded, without dots; words that may follow each other are separate forms.
_FORMS = """
gmbh|ggmbh|mbh|gesmbh|ges mbh|gesellschaft mbh|gesellschaft mit beschrankter haftung|gmbh co kg
gmbh co kgaa|gmbh co ohg|ag co kg|ag co kgaa|se co kg|se co kgaa|ug co kg|kg|kgaa|ohg|gbr|ag|se
ug
ug haftungsbeschrankt|haftungsbeschrankt|ek|ekfr|ekfm|e k|e v|ev|eg|e g|partg|partgmbb
part g mbb
partnerschaft mbb|mbb|stiftung co kg|co kg|eu|e u|og|kommanditgesellschaft|aktiengesellschaft
einzelunternehmen|sce|ewiv
inc|incorporated|corp|corporation|co|company|llc|lllp|llp|lp|pllc|pc|pa|pbc|ltd|limited|plc|cic
cio
public limited company|limited liability company|limited partnership|co ltd|co inc|co llc
ltd co
pty|pty ltd|proprietary limited|pvt|pvt ltd|private limited|private ltd|p ltd|opc|pte|pte ltd
sdn bhd|bhd|berhad|unlimited|ulc|ltee|ltée|ltd sti|ltd şti
sa|sas|sasu|sarl|eurl|sci|scs|snc|scop|scp|selarl|selas|gie|eirl|sca|societe anonyme
societe a responsabilite limitee|sarlu|s en c|sagl
sl|slu|slne|sll|sal|sau|sad|s coop|sociedad limitada|sociedad anonima|sccl|scl|cb
sociedad civil
sa de cv|s de rl de cv|s de rl|sapi de cv|sapi|sab de cv|sab|sc de rl|de cv|s a s|spa|srl|srls
sapa
sas di|scarl|scrl|scpa|soc coop|societa per azioni|societa a responsabilita limitata|saa|sac
eirl|cia ltda
lda|ltda|unipessoal lda|unipessoal|eireli|epp|sociedade anonima|sgps|cia|s a
bv|nv|vof|cv|cvba|bvba|sprl|srl|asbl|vzw|besloten vennootschap|comm v|maatschap|cooperatie u a
ab|publ|aktiebolag|hb|handelsbolag|ekonomisk forening|as|asa|ans|enk|a s|aps|i s|k s|amba|ivs
p s
oy|oyj|osakeyhtio|ky|tmi|osuuskunta|ehf|hf|ohf|oü|ou|uab|sia|iki
sp zoo|sp z oo|sp z o o|spolka z oo|spolka z ograniczona odpowiedzialnoscia|spolka akcyjna|sp j
sp k
sp p|spk|spj|sp z oo sp k|sp z oo spk|psa|ska|sro|spol s ro|spol s r o|vos|v o s|ks|kft|zrt
nyrt|bt|kkt
doo|d o o|dd|d d|ad|ood|eood|ead|jdoo|jd o o|ooo|oao|zao|pao|ao|tov|fop|chp|ltd sirketi|as
anonim sirketi|limited sirketi|san ve tic|sanayi ve ticaret|sti|ae|epe|ike|oe|ee|mon epe
ооо|оао|зао|пао|ао|ип|тов|пат|прат|фоп|чп|оод|еоод|ад|еад|доо|д о о
kk|k k|kabushiki kaisha|godo kaisha|gk|yk|yugen kaisha|tbk|pt|cv|jsc|pjsc|ojsc|cjsc|ojs|fzco
fze|fz llc|fzllc
dmcc|wll|saog|saoc|kscc|ksc|bsc|qsc|llc fz|psc|tnhh|cong ty
""".strip()

_WRITTEN = [form for line in _FORMS.splitlines() for form in line.split("|")]
# "S. r. o.": initials with a space between them.
_SPACED = [" ".join(form) for form in _WRITTEN if form.isalpha() and len(form) in (2, 3)]

SUFFIXES: frozenset[tuple[str, ...]] = frozenset(tuple(f.split()) for f in _WRITTEN + _SPACED)
"""Word sequences that end a company's name without being part of it."""

LONGEST = max(map(len, SUFFIXES))

PREFIXES: frozenset[str] = frozenset(
    "ооо оао зао пао ао ип тов ooo oao zao pao pt ud oy ab as sia uab firma fa".split()  # noqa: SIM905
)
"""Forms that some countries write before the name."""

EAST_ASIAN: tuple[str, ...] = (
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "一般社団法人",
    "(株)",
    "（株）",
    "㈱",
    "(有)",
    "（有）",
    "㈲",
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "주식회사",
    "(주)",
    "유한회사",
)
"""Forms written without a space at either end of a name; longer ones before their endings."""
