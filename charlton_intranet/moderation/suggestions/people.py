"""B, C, E and J: attacks on people for what they are, sexual harassment, threats and calls to violence.

Written from how such sentences are built: who is meant, what is said of them or wished to them. Each is passed over
where the words are quoted, reported, denied or condemned: to speak against an attack is not to make one.
"""

from charlton_intranet.moderation.suggestions.phrases import Phrases, either, words

_GROUP = either("groups")
_MEMBER = f"(?:an?|the next|another|some|that|this|the|every|any|my first) (?:\\S+ )?{either('group_members')}"
_SLUR = either("slurs")
_CONTEMPT = either("contempt")
_PERSON = either("persons")
_ALL = "(?:all |every |these |those |the |you |any |each |every single |all the |all these |all those |most )"
_ADVERB = "(?:just |really |all |so |such |always |only |nothing but |fucking |absolutely |basically |simply |truly )"
_DIRTY = (
    "(?:fucking|fuckin|dirty|filthy|stupid|damn|damned|goddamn|disgusting|ugly|dumb|worthless|lazy|bloody|nasty|"
    "little|fat|old|sick|ignorant|pathetic|smelly|evil|crazy|inbred)"
)
_ENDED = (
    "(?:killed|shot|hanged|hung|lynched|stabbed|burned|burnt|gassed|exterminated|eradicated|wiped out|slaughtered|"
    "beheaded|raped|beaten|strangled|murdered|put down|castrated|tortured|drowned|enslaved|annihilated|"
    "strung up|burned alive|buried alive)"
)
_KILL = "(?:kill|murder|shoot|stab|hang|lynch|strangle|behead|slaughter|exterminate|execute|rape|gas|castrate|torture)"
_HURT = (
    f"(?:{_KILL}|hurt|bash|burn|choke|beat the (?:shit|crap|hell|fuck|life) out of|beat up|blow up|run over|"
    "cut up|smash|drown|punch|annihilate|eradicate|wipe out|bomb)"
)
_KILL_KEYS = (
    "kill murder shoot stab hang lynch strangle behead slaughter exterminate execute rape gas castrate torture hurt "
    "bash burn choke beat blow run cut smash drown punch annihilate eradicate wipe bomb"
)
_ENDED_KEYS = (
    "killed shot hanged hung lynched stabbed burned burnt gassed exterminated eradicated wiped slaughtered beheaded "
    "raped beaten strangled murdered put castrated tortured drowned enslaved annihilated strung buried"
)
_HARMLESS_NEXT = "(?! (?:with kindness|an? (?:email|message|text|line|note|question|mail)|some|your|over|down|on) )"

_AT = f"(?:{_PERSON}|{_ALL}{{1,2}}(?:{_DIRTY} )?{_GROUP}|{_GROUP}|{_MEMBER}|{_ALL}{{0,2}}(?:{_DIRTY} )?{_SLUR})"

_slur_keys = " ".join(sorted({slur.split()[0] for slur in words("slurs")}))

AIMED_SLUR = (
    Phrases(
        _slur_keys,
        rf"(?:you|u|ya|your|ur|you're|youre|you are) (?:a |an |are )?(?:{_DIRTY} ){{0,2}}{_SLUR}",
        rf"(?:{_DIRTY} ){{1,2}}{_SLUR}",
        rf"(?:these|those|all|every|them|another|damned?) (?:{_DIRTY} )?{_SLUR}",
        rf"(?:he|she|they|it|he's|she's|they're|is|are|was|were|like|such|be|being|hate|despise|kill|deport|ban) "
        rf"(?:a |an |all |the |such a |just a |nothing but a |like a )?(?:{_DIRTY} ){{0,2}}{_SLUR}",
        rf"(?:bunch|pack|load|lot) of (?:{_DIRTY} )?{_SLUR}",
        rf"{_SLUR} (?:are|is|was|were|r|should|need|needs|must|deserve|deserves|ruin|will|always|like you|have to|got)",
        rf"{_SLUR}(?= $)",
        guarded=True,
    ),
)
CONTEMPT_FOR_A_GROUP = (
    Phrases(
        "are is r being aren't is",
        rf"{_GROUP} (?:are|is|r) {_ADVERB}{{0,2}}(?:a |an |the |like |such a )?(?:{_DIRTY} ){{0,2}}{_CONTEMPT}",
        rf"{_GROUP} (?:are|is|r) {_ADVERB}{{0,1}}(?:a |an |the )?(?:burden|threat|infection|infestation|invaders)",
        guarded=True,
    ),
    Phrases(
        "aren't not don't dont can't shouldn't never",
        rf"{_GROUP} (?:are not|aren't) (?:even |really )?(?:human|humans|people|real people|equal)",
        rf"{_GROUP} (?:do not|don't|dont|should not|shouldn't|should never|can't|must not) "
        r"(?:deserve|have|be given|get|be allowed) "
        r"(?:any |the |equal |to )?(?:rights|live|life|respect|exist|vote|breathe)",
        guarded=True,
        denied=True,
    ),
    Phrases(
        "hate despise loathe detest stand",
        rf"(?:i|we|everyone|everybody) {_ADVERB}{{0,2}}(?:hate|despise|loathe|detest|can't stand|cannot stand) "
        rf"{_ALL}?(?:{_DIRTY} )?{_GROUP}",
        guarded=True,
        denied=True,
    ),
    Phrases(
        "fuck fucking goddamn damn",
        rf"(?:fuck|screw|fucking|goddamn) {_ALL}{{0,2}}(?:{_DIRTY} )?{_GROUP}"
        r"(?= (?:and|are|who|they|can|should|man|lol|\w+ing) | $)",
        guarded=True,
    ),
    Phrases(
        "sick puke vomit disgust disgusts repulse repulses wish likes disgusted repulsed",
        rf"{_GROUP} (?:all |just |really |honestly )?(?:make|makes) (?:me|us|everyone) "
        r"(?:feel |want to |wanna )?(?:sick|puke|vomit|throw up)",
        rf"{_GROUP} (?:all |just |really )?(?:disgust|disgusts|repulse|repulses) (?:me|us|everyone)",
        rf"(?:sick of|disgusted by|repulsed by) {_ALL}?{_GROUP}(?= (?:and|in|ruining|taking|being|getting) | $)",
        rf"wish {_ALL}?{_GROUP} (?:would|could|did|didn't|never)(?: all| just)? "
        r"(?:disappear|die|vanish|existed?|go extinct)",
        rf"(?:nobody|no one) (?:really )?(?:likes|wants|needs|cares about) {_ALL}?{_GROUP}",
        guarded=True,
        denied=True,
    ),
    Phrases(
        "belong rid without better keep",
        rf"{_GROUP} (?:all )?belong in (?:the |a )?(?:kitchen|cages|cage|zoo|camps|gutter|ovens|chains|jungle|trash)",
        rf"(?:get|getting) rid of {_ALL}?(?:{_DIRTY} )?{_GROUP}",
        r"(?:world|country|town|place|nation) would be (?:so much |much |a lot )?(?:better|nicer) (?:off )?without "
        rf"{_ALL}?{_GROUP}",
        guarded=True,
        denied=True,
    ),
)
VIOLENCE_TO_A_GROUP = (
    Phrases(
        f"{_KILL_KEYS} {_ENDED_KEYS} beat enslave eliminate rid die rot suffer perish hang bleed pay rope oven ovens "
        "bullet noose chair death",
        rf"(?:{_GROUP}|{_SLUR}) (?:all )?(?:should|must|need to|needs to|have to|ought to|deserve to|deserves to) "
        rf"{_ADVERB}?(?:die|burn|rot|suffer|perish|(?:be|get) {_ADVERB}?{_ENDED})",
        rf"(?:{_HURT}|beat|enslave|eliminate) {_ALL}{{0,2}}(?:{_DIRTY} ){{0,2}}(?:{_GROUP}|{_SLUR})",
        rf"(?:{_HURT}|beat|enslave) {_MEMBER}",
        rf"(?:{_GROUP}|{_SLUR}|{_MEMBER}) (?:will|gonna|shall) (?:all )?(?:die|burn|hang|bleed|suffer|pay)",
        rf"(?:get rid of|wipe out|eliminate) {_ALL}?(?:{_GROUP}|{_SLUR}) (?:once and for all|for good|forever)",
        rf"(?:{_GROUP}|{_SLUR}) (?:all )?(?:get|gets|deserve|deserves|need|needs) (?:to get )?the "
        r"(?:rope|oven|ovens|bullet|noose|gas|gas chamber|chair)",
        rf"death to {_ALL}?(?:{_GROUP}|{_SLUR})",
        guarded=True,
    ),
)
SEXUAL = (
    Phrases(
        "my",
        r"(?:suck|lick|ride|blow|eat|stroke|touch|swallow|choke on) (?:on )?my (?:\S+ )?"
        r"(?:dick|cock|pussy|balls|penis|nuts|clit|dong|meat|ass)",
        guarded=True,
    ),
    Phrases(
        "nudes tits boobs ass pussy titties naked panties vagina nipples breasts booty butt",
        r"(?:show|send|give|flash) (?:me |us )?(?:some |your |ur |her |those |the )*"
        r"(?:nudes|tits|boobs|ass|pussy|titties|panties|vagina|nipples|breasts)",
        r"(?:nice|great|sexy|hot|big|huge|juicy|fat|tight|perky|fine) (?:\S+ )?(?:tits|boobs|titties|pussy|nipples)",
        r"(?:your|her|ur) (?:\S+ )?(?:tits|boobs|pussy|titties|nipples|vagina)",
        guarded=True,
    ),
    Phrases(
        "rawdog rawdogs rawdogging fuckable creampie creampies gangbang orgasm horny dick cock pussy vagina penis puss "
        "head robots robot railed rails pounded",
        r"(?:rawdog|rawdogs|rawdogging|fuckable|creampies?)",
        r"(?:suck|sucks|sucking|suckin|licking|riding|rubbing|ate|eating|stroking|show|shows|showed|flash|flashed|"
        r"pull(?:ed)? out|taking|take|takes|took|gets|getting|wants|want) "
        r"(?:\S+ )?(?:my|his|your|her|the|some|that|a|big|off) (?:\S+ )?"
        r"(?:dicks?|cocks?|penis|pussy|vagina|puss)",
        r"(?:suck|sucks|sucking|suckin|licking|riding) (?:dicks?|cocks?)",
        r"(?:wet|tight|loose|hairy|stinky|smelly|used) (?:\S+ )?(?:pussy|pussies|vaginas?|puss|holes?)",
        r"(?:getting|gets|get|giving|gives|gave) head(?! (?:start|lice|count|of|on) )",
        r"sex (?:robots?|bots?|dolls?|toys?|slaves?)",
        guarded=True,
    ),
    Phrases(
        "fuck bang rape screw smash hump sodomize grope molest fucking banging raping gangbang impregnate",
        r"(?:i|i'd|i'll|id|ill|we|i'm|im) (?:would |will |want to |wanna |would love to |gonna |going to |love to |"
        r"like to |need to |'d )*(?:fuck|bang|rape|screw|hump|sodomize|grope|molest|impregnate) "
        r"(?:you|her|him|that|this|these|your|those|the)",
        r"(?:deserves?|needs?|asking|begging|wants?|ought|should|gonna|going|get|gets) (?:to )?(?:be |get |for )?"
        r"(?:a good )?(?:raped|gangbanged|fucked|sodomized|molested|groped|fucking|raping)",
        rf"(?:rape|molest|grope|gangbang|sodomize) {_ALL}?(?:{_PERSON}|{_GROUP}|sluts|whores|bitches|sluts)",
        guarded=True,
    ),
    Phrases(
        "face bend knees legs sex slave sperm breeding blowjob blowjobs handjob cumshot deepthroat gangbang holes hole",
        r"sit on my face",
        r"bend (?:her|you|him|them) over",
        r"(?:get )?on your knees(?: (?:bitch|slut|whore|girl))",
        r"spread (?:your|her|their) legs",
        r"sex slaves?",
        r"sex objects?",
        r"fuck (?:holes?|toys?|dolls?)",
        r"(?:women|woman|females|girls|she|they) (?:are|is|was|were) (?:only |just )?(?:good )?for "
        r"(?:sex|breeding|fucking|one thing)",
        r"(?:blowjobs?|handjobs?|cumshots?|deepthroat|gangbangs?|cumdumps?|cocksleeves?)",
        guarded=True,
    ),
)
_FIRST = r"(?:i|i'll|ill|im|i'm|i am|ima|imma|i'd|id|we|we'll|we're|we are|we'd)"
_WILL = (
    r"(?:will|would|gonna|going to|want to|wanna|would love to|should|need to|must|gotta|have to|ought to|swear i'll|"
    r"swear i will|promise i'll|am going to|are going to|come|coming to|about to|come and|wish i could|could|got to|"
    r"hope to|plan to|am gonna|are gonna|just|really|fucking|gladly|personally|happily|be happy to|love to|like to)"
)
THREAT = (
    Phrases(
        _KILL_KEYS,
        rf"{_FIRST} (?:{_WILL} ){{0,4}}{_HURT} {_AT}{_HARMLESS_NEXT}",
        guarded=True,
    ),
    Phrases(
        "hands see watch watching seeing",
        r"(?:die|dies|dead|death|end)(?: \S+){0,4} (?:at|by|with|under) (?:my|our) (?:own )?(?:bare )?hands",
        rf"(?:love|like|want|can't wait|cant wait|happy|nice) to (?:see|watch) {_AT} "
        r"(?:all )?(?:suffer|die|dead|hang|hanging|hanged|burn|burning|bleed|shot|killed|beaten|dying|choke|get \S+)",
        guarded=True,
        denied=True,
    ),
    Phrases(
        "bullet throat throats neck necks head heads skull face legs jaw teeth brains",
        r"(?:put|putting|plant|deserves?|needs?|take) (?:a |an |one |two )?bullets? (?:in|into|through|to|between) "
        r"(?:your|his|her|their|the|every|each|that|its)",
        r"bullet (?:in|into|through|to|between) (?:your|his|her|their|the) (?:head|heads|brain|brains|skull|face|eyes)",
        r"(?:slit|cut|slash) (?:your|his|her|their|every) (?:fucking |own )?throats?",
        r"(?:break|snap|wring|smash|crush|bash|punch|kick|cut off|chop off|blow|rip off|knock|stomp|cave in|shoot) "
        r"(?:in )?(?:your|his|her|their) (?:\S+ )?"
        r"(?:necks?|legs|jaws?|teeth|skulls?|faces?|heads?|brains)(?: in| out| off)?",
        guarded=True,
    ),
    Phrases(
        "live back dead sleep numbered coming alive next days watch know",
        r"(?:i|we) know where (?:you|u|he|she|they) (?:live|lives|work|works|sleep|sleeps)",
        r"(?:better )?watch your back",
        r"you(?:'re| are) (?:so |all |a )?dead(?: man| meat)?(?= $)",
        r"your days are numbered",
        r"sleep with one eye open",
        r"(?:we|i)(?:'re| are|'m| am) coming (?:for|after) (?:you|him|her|them|your)",
        r"(?:will|won't|wont|gonna|going to) (?:not )?(?:leave|get out|walk out|make it out) (?:of \S+ )?alive",
        guarded=True,
        denied=True,
    ),
)
CALL_TO_VIOLENCE = (
    Phrases(
        _KILL_KEYS,
        rf"(?:(?:let's|lets|let us|someone|somebody|go|please|just|we|everyone|everybody|you|they|people|y'all|time to|"
        rf"i say|i'd say) (?:{_WILL} |all |go |just |please ){{0,3}})"
        rf"(?:{_KILL}|beat the (?:shit|crap|hell|fuck) out of|bash|beat up|blow up|burn) {_PERSON}{_HARMLESS_NEXT}",
        rf"(?<=^ )(?:go |just |please |and |so |yes |yeah )?{_KILL} {_PERSON}{_HARMLESS_NEXT}",
        r"(?:go |please |just |should |better |to )*(?:kill|hang|shoot|drown|neck) "
        r"(?:yourself|yourselves|urself|ya self)",
        r"kys",
        guarded=True,
    ),
    Phrases(
        "burn torch bomb shoot blow storm ransack firebomb arson",
        r"(?:burn|torch|blow|bomb|firebomb|shoot|storm|ransack) (?:up |down )?(?:the|this|that|your|their|his|her) "
        r"(?:\S+ ){0,2}(?:town hall|city hall|hall|house|houses|home|homes|library|branch|station|school|office|"
        r"offices|building|place|church|mosque|synagogue|temple|police)(?: down| up)?(?: tonight| now)?",
        guarded=True,
    ),
    Phrases("heads string", r"off with (?:his|her|their|your) heads?", r"string (?:them|him|her|em) up", guarded=True),
    Phrases(
        "gun guns rifles rifle bats bat pitchforks molotov bricks",
        r"(?:bring|grab|get|take) (?:your|the|a|some) (?:\S+ )?(?:guns?|rifles?|bats?|molotovs?|bricks)",
        guarded=True,
    ),
)
WISH_OF_DEATH = (
    Phrases(
        "should must deserve deserves need needs ought oughta have has gonna hope",
        rf"(?:{_PERSON}|he|she|they|who|people|man|guy|woman|animal|animals|scum|bastards?|person|assholes?|idiots?|"
        rf"thugs?|criminals?|traitors?|families|kids|parents|\w+s) "
        rf"(?:all |both |really |just )?"
        r"(?:should|must|needs? to|deserves? to|ought to|oughta|should all|should just|should have|has to|have to|"
        r"should've) (?:be |been |get |just be )"
        rf"(?:taken out and |publicly |all |just |dragged out and |slowly )?{_ENDED}",
        r"(?:he|she|they|you|people|who|\w+s) (?:all )?(?:should|deserves? to|need to|needs to|must) "
        r"(?:just |all |slowly |go )?(?:die|rot in hell|burn in hell|drop dead|burn alive)",
        r"(?:i |we )?hope (?:that )?(?:you|u|he|she|they|your|his|her|their|someone|somebody|all of \S+)(?: \S+)? "
        r"(?:all )?"
        rf"(?:die|dies|rot|rots|burn|burns|suffer|suffers|choke|chokes|drown|drowns|get {_ENDED}|gets {_ENDED}|"
        rf"kills? (?:you|him|her|them)|shoots? (?:you|him|her|them)|rapes? (?:you|him|her|them))",
        r"(?:go|just|please) (?:and |away and |fucking )?(?:die|drop dead|rot in hell)(?= )",
        guarded=True,
    ),
)
