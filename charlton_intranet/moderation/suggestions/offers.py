"""D and E: advertising, offers of what the law forbids, and the lures of fraud."""

from charlton_intranet.moderation.suggestions.phrases import Phrases

_MINE = "(?:my|our|this|his|her|the|mine|these)"
_SHOWN = (
    "(?:channels?|chanel|page|videos?|vids?|blog|website|site|store|shop|music|songs?|covers?|mixtape|album|youtube|"
    "instagram|insta|profile|etsy|podcast|app|game|listing|catalog|menu|soundcloud|playlist|remix|raps?|beats|link)"
)
ADVERTISING = (
    Phrases(
        "channel channels chanel page video videos vid vids blog website site store shop music song songs cover covers "
        "mixtape album youtube instagram insta profile etsy podcast app game listing catalog menu soundcloud playlist "
        "remix rap raps beats link",
        rf"(?:check|checkout|check out|visit|subscribe to|follow|watch|listen to|view|join|like|sub to|go to|come to) "
        rf"(?:out )?(?:my|our|mine|his|her) (?:\S+ ){{0,4}}{_SHOWN}",
        rf"(?:subscribe|sub) (?:to|for|on|2) (?:{_MINE} )?(?:\S+ ){{0,2}}{_SHOWN}",
        rf"(?:new|own) (?:\S+ )?{_SHOWN} (?:on|at) (?:my|our) (?:channel|page|site|website)",
        rf"{_SHOWN} (?:on|at) my (?:channel|page|site|website)",
        r"visit (?:us|our (?:store|shop|website|site|page))",
        r"link in (?:my )?(?:bio|profile|description)",
    ),
    Phrases(
        "suscribe subcribe subscibe subscrib suscribed sunscribe",
        r"(?:suscribe|subcribe|subscibe|subscrib|sunscribe)(?: (?:to|me|my|for))?",
    ),
    Phrases(
        "look follow followed checked subs views remixes covers project download beta sponsor",
        r"look at my \S+",
        r"follow (?:me|us)(?= (?:on|at|here|https?|for|and|i) | $)",
        r"(?:appreciate|get|got|need) (?:\S+ )?subs",
        r"(?:checked|check) (?:out )?(?:\S+ ){0,3}my \S+",
        r"(?:need|get|reach) (?:\S+ ){1,3}views",
        r"(?:follow|subscribe to|check) this (?:channel|page|out)",
    ),
    Phrases(
        "subscribe sub subs sub4sub subscribers followers likes views",
        r"(?:please|pls|plz|and|like and|to|can you|you) subscribe",
        r"subscribe (?:to|me|for|2) (?:me|my|us|our)",
        r"sub (?:4|for) sub",
        r"sub4sub",
        r"(?:subscribe|sub)(?: back)?(?= $)",
        r"i(?:'ll| will) (?:subscribe|sub) back",
        r"(?:get|buy|gain|need|free|more) (?:\S+ )?(?:followers|subscribers|subs)",
    ),
    Phrases(
        "earn earning earned money cash income paid rich bitcoin crypto forex profit profits week",
        r"(?:make|making|earn|earning|earned|made) (?:\S+ ){0,3}(?:money|cash|income|bucks|dollars|profits?) "
        r"(?:\S+ ){0,2}(?:online|from home|at home|fast|weekly|daily|monthly|easily|per|a day|a week|an hour|now)",
        r"(?:extra|passive|easy|quick|fast) (?:income|cash|money) (?:online|from home|now|today)",
        r"(?:get|getting) (?:paid|rich) (?:to|for|from|quick|fast|online)",
        r"(?:invest|trade|trading) (?:in |with )?(?:bitcoin|crypto|forex)",
    ),
    Phrases(
        "free giveaway giveaways coupon promo discount voucher vouchers code sale off deal deals offer offers",
        r"free (?:\S+ )?(?:gift ?cards?|giftcards?|iphone|ipad|ringtones?|trial|shipping|delivery|quotes?|estimates?|"
        r"samples?|followers|robux|tones?|entry|minutes|texts|gift|camera|mobile|handset|phone|download|demo)",
        r"(?:enter|join|win|my|our|a) (?:\S+ ){0,2}giveaways?",
        r"(?:coupon|promo|promotion|discount|voucher) codes?",
        r"use (?:my |our |the )?(?:\S+ )?code",
        r"(?:up to |get |save )?\d{1,2} off",
        r"half price",
        r"on sale now",
        r"(?:special|limited|exclusive|best|great|amazing|today's|introductory) (?:time )?(?:offers?|deals?)",
        r"(?:big|huge|clearance|summer|winter|holiday|yard|tag|flash) sales?(?= (?:this|today|now|starts|on|at))",
    ),
    Phrases(
        "buy order shop sale selling book call text txt dm inbox pm message click unsubscribe stop reply rates price "
        "prices lowest cheapest wholesale",
        r"(?:buy|order|shop|book) (?:now|today|here|online|yours|one get)",
        r"for sale(?= (?:call|dm|at|only|now|asking|\d|$))",
        r"(?:i am|i'm|im|we are|we're|now) selling",
        r"selling (?:my|our|all|brand|new)",
        r"(?:call|text|dm|inbox|pm|message) (?:me |us )?(?:now |today )?(?:for|to) (?:a |an |your |more )?"
        r"(?:free |details|info|pricing|prices?|quotes?|order|orders|rates|booking|estimates?|appointment|buy)",
        r"(?:click|tap) (?:here|(?:on )?(?:the |this |my )?link)(?: (?:below|above|to))?",
        r"(?:txt|text) (?:\S+ ){1,3}(?:to|2) \d+",
        r"(?:reply|txt|text) stop",
        r"stop to \d+",
        r"(?:lowest|cheapest|best|unbeatable|competitive) (?:prices?|rates)",
        r"at wholesale prices?",
    ),
    Phrases(
        "casino casinos viagra cialis loans payday seo psychic spell escorts mortgage refinance insurance ppm pobox",
        r"(?:online |best |free )?casinos?(?= (?:bonus|games?|online|slots))",
        r"(?:buy |cheap )?(?:viagra|cialis)",
        r"(?:payday|instant|quick|personal) loans?(?= (?:online|available|now|approved|no|at|for))",
        r"seo services?",
        r"spell caster",
        r"psychic readings?",
        r"(?:refinance|insurance|mortgage) (?:quote|quotes|today|now|rates from)",
    ),
)
NUMBER_TO_CALL = (
    Phrases(
        "call txt text send reply msg sms dial cost costs charged ppm min ppmsg rate pobox box tcs stop optout",
        r"(?:call|txt|text|send|reply|msg|sms|dial) (?:\S+ ){0,5}\d{5,11}",
        r"(?:send|txt|text|reply) \S+ to \d{4,6}",
        r"(?:p|pence|ppm) (?:per )?(?:min|msg|text|sms|minute|message)",
        r"\d+p (?:per |a )?(?:min|msg|text|sms|minute|message)",
        r"(?:po box|pobox) ?\S+",
        r"(?:national|std|standard) rates?(?: apply| from)?",
        r"txts? cost",
    ),
)
UNLAWFUL_OFFER = (
    Phrases(
        "weed cocaine coke meth heroin fentanyl xanax adderall oxy oxycodone percs pills mdma molly shrooms acid lsd "
        "ketamine edibles steroids",
        r"(?:selling|sell|got|buy|order|have|plug for|hmu for|dm (?:me )?for|hit me up for|deals? on) "
        r"(?:some |good |cheap |the best |any |pure |quality |top )*"
        r"(?:weed|cocaine|coke|meth|heroin|fentanyl|xanax|adderall|oxy|oxycodone|percs|mdma|molly|shrooms|acid|lsd|ketamine)"
        r"(?= (?:here|dm|hmu|for|cheap|call|text|delivered|\d|in stock|available|no|today|now|$))",
        guarded=True,
    ),
    Phrases(
        "fake stolen counterfeit forged cloned hacked cvv fullz dumps passports ids licenses notes unregistered ghost",
        r"(?:sell|selling|buy|get|order|make|have|need|dm for|offer) (?:\S+ ){0,2}"
        r"(?:fake|stolen|counterfeit|forged|cloned|hacked) "
        r"(?:ids?|passports?|licenses?|cards?|certificates?|notes|bills|money|diplomas?|documents|accounts|phones)",
        r"(?:fake|counterfeit|forged|cloned|stolen) "
        r"(?:ids?|passports?|licenses?|cards?|notes|bills|documents|certificates?) "
        r"(?:for sale|available|in stock|delivered|dm|cheap)",
        r"(?:cvv|fullz|dumps) (?:for sale|available|shop|fresh|with pin)",
        r"(?:unregistered|ghost) (?:guns?|firearms?|glocks?) (?:for sale|available|dm)",
        guarded=True,
    ),
    Phrases(
        "loot riot rob steal vandalize smash hitman bomb pipebomb",
        r"(?:let's|lets|let us|we should|everyone|tonight we|we will|come and|who wants to) (?:all |go |just )*"
        r"(?:loot|riot|rob|vandalize|break into|smash up|steal from|trash)",
        r"(?:hire|hiring|need|rent) (?:a |an )?(?:hitman|hit man|hacker)",
        r"how to (?:make|build) (?:a |an )?(?:pipe )?(?:bomb|explosives?)",
        guarded=True,
    ),
)
LURE = (
    Phrases(
        "won winner prize prizes awarded reward claim claimed congratulations congrats selected draw jackpot lottery "
        "collection",
        r"(?:you|u|you've|have|has|been|mobile|number) (?:\S+ ){0,2}(?:won|awarded|selected|chosen) (?:\S+ ){0,4}"
        r"(?:prize|prizes|reward|cash|award|draw|gift|receive|bonus|\d+|holiday|lottery|guaranteed|winner|a)",
        r"(?:claim|collect|redeem) (?:\S+ ){0,3}"
        r"(?:prize|reward|award|cash|bonus|gift|voucher|holiday|refund|winnings|code)",
        r"(?:guaranteed|cash|bonus) (?:\S+ ){0,2}(?:prize|award|caller)",
        r"prize guaranteed",
        r"valued customer",
        r"await(?:s|ing)? collection",
        r"claim (?:ur|your) (?:\S+ ){0,2}\S+",
        r"to claim(?: (?:your|call|just|txt|text|it|is|\d+))",
        r"claim code",
        r"(?:lottery|jackpot|prize) winners?",
        r"prize draw",
        r"winner (?:as|of) (?:a |the )?",
    ),
    Phrases(
        "account accounts card identity password bank paypal login suspended locked payment refund parcel package "
        "delivery irs amazon netflix wallet pin otp",
        r"(?:verify|confirm|update|validate|unlock|restore|reactivate) (?:\S+ ){0,2}"
        r"(?:account|identity|password|details|payment|card|information|wallet|billing|login)",
        r"(?:account|card|access|profile|paypal) (?:\S+ )?(?:has been|have been|is|was|will be) (?:\S+ )?"
        r"(?:suspended|locked|limited|blocked|restricted|deactivated|disabled|compromised|terminated|on hold)",
        r"(?:parcel|package|delivery|shipment) (?:\S+ ){0,4}(?:fee|held|pending|reschedule|unpaid|customs)",
        r"(?:tax |pending |unclaimed |your )refund (?:\S+ ){0,3}(?:claim|click|pending|waiting|of|is)",
        r"(?:enter|send|give|share|tell) (?:us |me )?your (?:\S+ )?(?:password|pin|otp|card number|bank details|login)",
        r"private your \d+ account",
        r"account statement for",
    ),
    Phrases(
        "land urgent dating admirer unredeemed attempt contact landline expires caller unread voicemail waiting",
        r"urgent (?:\S+ ){0,3}(?:trying to contact|call|attempt|contact you|your mobile|please call|final|important)",
        r"(?:trying|attempt|tried) to (?:contact|reach) (?:you|u)",
        r"(?:unredeemed|un redeemed) (?:\S+ )?(?:points|bonus|s i m)",
        r"(?:2nd|second|final|last) attempt",
        r"(?:call )?from (?:a |ur |your )?land ?line",
        r"(?:code|offer|id) expires",
        r"identifier code",
        r"(?:our|your) (?:\S+ )?dating service",
        r"secret admirer",
        r"\d+ (?:new |unread )?voicemails?",
    ),
)
