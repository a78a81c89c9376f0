"""Networks that towns commonly use, so that nobody has to look up how each spells its addresses. Data.

A network stands here to be recognised and to fill in a proposal; it may be used only once the town's catalogue has
it as approved (policy 1.3).
"""

from dataclasses import dataclass

from charlton_intranet.sites.rules.states import NetworkKind

K = NetworkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNetwork:
    """How a network is called and how the addresses of its accounts are built.

    ``page`` is the address of an account, ``{}`` its name. ``before_name`` lists first segments behind which the
    name follows, ``nameless`` those of pages that do not tell whose they are. On a ``hosted`` network every account
    has a host name of its own; on a ``federated`` one the same name may be somebody else's on another server.
    """

    name: str
    kind: NetworkKind
    hosts: tuple[str, ...]
    terms_url: str
    page: str
    also: tuple[str, ...] = ()
    before_name: frozenset[str] = frozenset()
    nameless: frozenset[str] = frozenset()
    hosted: bool = False
    federated: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN_NETWORKS = (
    KnownNetwork(
        name="Facebook", kind=K.SOCIAL_NETWORK, hosts=("facebook.com",), page="https://www.facebook.com/{}",
        terms_url="https://www.facebook.com/legal/terms", also=("fb", "facebook page", "meta"),
        before_name=_words("groups page pages people pg"),
        nameless=_words("dialog help hashtag home.php l.php legal marketplace media plugins sharer sharer.php story"),
    ),
    KnownNetwork(
        name="Instagram", kind=K.PHOTO, hosts=("instagram.com",), page="https://www.instagram.com/{}",
        terms_url="https://help.instagram.com/581066165581870", also=("ig", "insta"),
        before_name=_words("stories"), nameless=_words("accounts about legal"),
    ),
    KnownNetwork(
        name="X", kind=K.MICROBLOG, hosts=("x.com",), page="https://x.com/{}", terms_url="https://x.com/en/tos",
        also=("twitter", "twitter x", "x twitter", "x formerly twitter", "tw"),
        nameless=_words("compose intent messages notifications privacy settings tos"),
    ),
    KnownNetwork(
        name="YouTube", kind=K.VIDEO, hosts=("youtube.com", "youtu.be"), page="https://www.youtube.com/@{}",
        terms_url="https://www.youtube.com/t/terms", also=("yt", "you tube"),
        before_name=_words("c channel user"),
        nameless=_words("clip embed feed gaming live movies oembed post redirect results v"),
    ),
    KnownNetwork(
        name="LinkedIn", kind=K.SOCIAL_NETWORK, hosts=("linkedin.com",), page="https://www.linkedin.com/company/{}",
        terms_url="https://www.linkedin.com/legal/user-agreement", also=("linked in",),
        before_name=_words("company groups in organization organization-guest pub school showcase"),
        nameless=_words("feed jobs learning legal posts pulse redir"),
    ),
    KnownNetwork(
        name="Threads", kind=K.MICROBLOG, hosts=("threads.net",), page="https://www.threads.net/@{}",
        terms_url="https://help.instagram.com/769983657850450",
    ),
    KnownNetwork(
        name="Bluesky", kind=K.MICROBLOG, hosts=("bsky.app",), page="https://bsky.app/profile/{}",
        terms_url="https://bsky.social/about/support/tos", also=("bsky", "blue sky"),
        before_name=_words("profile"), nameless=_words("feeds messages notifications settings starter-pack"),
    ),
    KnownNetwork(
        name="Mastodon", kind=K.MICROBLOG, hosts=("mastodon.social", "mastodon.online", "mstdn.social"),
        page="https://{1}/@{0}", terms_url="https://mastodon.social/terms-of-service", also=("fediverse",),
        before_name=_words("users web"), nameless=_words("about public tags"), federated=True,
    ),
    KnownNetwork(
        name="TikTok", kind=K.VIDEO, hosts=("tiktok.com",), page="https://www.tiktok.com/@{}",
        terms_url="https://www.tiktok.com/legal/terms-of-service", also=("tik tok",),
        nameless=_words("discover foryou legal music tag"),
    ),
    KnownNetwork(
        name="Nextdoor", kind=K.FORUM, hosts=("nextdoor.com",), page="https://nextdoor.com/agency/{}",
        terms_url="https://help.nextdoor.com/s/article/Nextdoor-Member-Agreement", also=("next door",),
        before_name=_words("agency agency-detail pages profile"), nameless=_words("city neighborhood news_feed"),
    ),
    KnownNetwork(
        name="Flickr", kind=K.PHOTO, hosts=("flickr.com", "flic.kr"), page="https://www.flickr.com/photos/{}",
        terms_url="https://www.flickr.com/help/terms", before_name=_words("groups people photos"),
        nameless=_words("help map services tags"),
    ),
    KnownNetwork(
        name="Vimeo", kind=K.VIDEO, hosts=("vimeo.com",), page="https://vimeo.com/{}",
        terms_url="https://vimeo.com/terms", before_name=_words("channels groups"),
        nameless=_words("album categories ondemand showcase terms"),
    ),
    KnownNetwork(
        name="Pinterest", kind=K.PHOTO, hosts=("pinterest.com",), page="https://www.pinterest.com/{}",
        terms_url="https://policy.pinterest.com/en/terms-of-service", nameless=_words("ideas pin"),
    ),
    KnownNetwork(
        name="Tumblr", kind=K.BLOG, hosts=("tumblr.com",), page="https://{}.tumblr.com",
        terms_url="https://www.tumblr.com/policy/en/terms-of-service", before_name=_words("blog view"),
        nameless=_words("dashboard tagged"), hosted=True,
    ),
    KnownNetwork(
        name="WordPress", kind=K.BLOG, hosts=("wordpress.com",), page="https://{}.wordpress.com",
        terms_url="https://wordpress.com/tos/", also=("word press",), hosted=True,
    ),
    KnownNetwork(
        name="Blogger", kind=K.BLOG, hosts=("blogspot.com", "blogger.com"), page="https://{}.blogspot.com",
        terms_url="https://policies.google.com/terms", also=("blogspot",), before_name=_words("profile"), hosted=True,
    ),
    KnownNetwork(
        name="Substack", kind=K.BLOG, hosts=("substack.com",), page="https://{}.substack.com",
        terms_url="https://substack.com/tos", hosted=True,
    ),
    KnownNetwork(
        name="Medium", kind=K.BLOG, hosts=("medium.com",), page="https://medium.com/@{}",
        terms_url="https://policy.medium.com/medium-terms-of-service-9db0094a1e0f", hosted=True,
    ),
    KnownNetwork(
        name="Podbean", kind=K.PODCAST, hosts=("podbean.com",), page="https://{}.podbean.com",
        terms_url="https://www.podbean.com/terms", hosted=True,
    ),
    KnownNetwork(
        name="SoundCloud", kind=K.PODCAST, hosts=("soundcloud.com",), page="https://soundcloud.com/{}",
        terms_url="https://soundcloud.com/terms-of-use", nameless=_words("discover you"),
    ),
    KnownNetwork(
        name="Apple Podcasts", kind=K.PODCAST, hosts=("podcasts.apple.com",), page="https://podcasts.apple.com/podcast/{}",
        terms_url="https://www.apple.com/legal/internet-services/itunes/", also=("itunes",),
        before_name=_words("podcast"),
    ),
    KnownNetwork(
        name="Spotify", kind=K.PODCAST, hosts=("open.spotify.com",), page="https://open.spotify.com/show/{}",
        terms_url="https://www.spotify.com/legal/end-user-agreement/", before_name=_words("artist show user"),
        nameless=_words("episode track"),
    ),
    KnownNetwork(
        name="Reddit", kind=K.FORUM, hosts=("reddit.com",), page="https://www.reddit.com/r/{}",
        terms_url="https://redditinc.com/policies/user-agreement", before_name=_words("r u user"),
    ),
    KnownNetwork(
        name="WhatsApp", kind=K.MESSAGING, hosts=("whatsapp.com", "wa.me"), page="https://www.whatsapp.com/channel/{}",
        terms_url="https://www.whatsapp.com/legal/terms-of-service", also=("whats app",),
        before_name=_words("channel"), nameless=_words("send legal"),
    ),
    KnownNetwork(
        name="Telegram", kind=K.MESSAGING, hosts=("t.me", "telegram.me"), page="https://t.me/{}",
        terms_url="https://telegram.org/tos", before_name=_words("s"), nameless=_words("addstickers joinchat"),
    ),
    KnownNetwork(
        name="Snapchat", kind=K.MESSAGING, hosts=("snapchat.com",), page="https://www.snapchat.com/add/{}",
        terms_url="https://snap.com/terms", also=("snap",), before_name=_words("add"), nameless=_words("spotlight"),
    ),
    KnownNetwork(
        name="Twitch", kind=K.VIDEO, hosts=("twitch.tv",), page="https://www.twitch.tv/{}",
        terms_url="https://legal.twitch.com/legal/terms-of-service/", nameless=_words("directory videos"),
    ),
    KnownNetwork(
        name="SlideShare", kind=K.OTHER, hosts=("slideshare.net",), page="https://www.slideshare.net/{}",
        terms_url="https://support.scribd.com/hc/en-us/articles/210129326", also=("slide share",),
        nameless=_words("slideshow"),
    ),
    KnownNetwork(
        name="GitHub", kind=K.OTHER, hosts=("github.com",), page="https://github.com/{}",
        terms_url="https://docs.github.com/en/site-policy/github-terms/github-terms-of-service",
        before_name=_words("orgs"), nameless=_words("features pulls topics"),
    ),
    KnownNetwork(
        name="Foursquare", kind=K.OTHER, hosts=("foursquare.com",), page="https://foursquare.com/{}",
        terms_url="https://foursquare.com/legal/terms", before_name=_words("user"),
    ),
    KnownNetwork(
        name="Ustream", kind=K.VIDEO, hosts=("ustream.tv",), page="https://www.ustream.tv/channel/{}",
        terms_url="https://www.ibm.com/legal", before_name=_words("channel user"), nameless=_words("recorded"),
    ),
    KnownNetwork(
        name="MySpace", kind=K.SOCIAL_NETWORK, hosts=("myspace.com",), page="https://myspace.com/{}",
        terms_url="https://myspace.com/pages/terms", also=("my space",), nameless=_words("discover"),
    ),
    KnownNetwork(
        name="Google+", kind=K.SOCIAL_NETWORK, hosts=("plus.google.com",), page="https://plus.google.com/{}",
        terms_url="https://policies.google.com/terms", also=("google plus", "googleplus", "g+"),
        before_name=_words("b communities collection"),
    ),
    KnownNetwork(
        name="RSS", kind=K.OTHER, hosts=(), page="", terms_url="",
        also=("rss feed", "atom", "feed", "really simple syndication"),
    ),
)  # fmt: skip

# What a host is called besides: the network it belongs to answers under both.
HOST_ALIASES = {
    "fb.com": "facebook.com",
    "instagr.am": "instagram.com",
    "threads.com": "threads.net",
    "twitter.com": "x.com",
    **dict.fromkeys(
        (
            f"pinterest.{ending}"
            for ending in _words("at ca ch cl co.kr co.uk com.au com.mx de es fr ie it jp nz ph pt se")
        ),
        "pinterest.com",
    ),
}

# They lead on to another address, which only they know.
REDIRECTORS = _words(
    """
    1.usa.gov amzn.to bit.ly bitly.com buff.ly cutt.ly dlvr.it fb.me g.co go.usa.gov goo.gl hubs.ly ift.tt is.gd j.mp
    l.facebook.com l.instagram.com l.messenger.com lm.facebook.com lnkd.in m.me on.fb.me ow.ly pin.it qrco.de rb.gy
    rebrand.ly redd.it s.id safelinks.protection.outlook.com shorturl.at spoti.fi t.co t.ly tinyurl.com tmblr.co
    tr.ee trib.al urldefense.com urldefense.proofpoint.com v.gd vm.tiktok.com vt.tiktok.com wp.me x.gd
    """
)
# Pages of known networks that lead on, by the beginning of host and path.
REDIRECT_PAGES = (
    "facebook.com/flx/warn", "facebook.com/l.php", "facebook.com/share/", "google.com/url", "linkedin.com/redir/",
    "linkedin.com/safety/go", "youtube.com/redirect",
)  # fmt: skip
