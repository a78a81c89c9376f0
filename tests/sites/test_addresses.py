import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charlton_intranet.sites import rules
from charlton_intranet.sites.rules import KNOWN_NETWORKS, KnownNetwork


def read(address: str) -> tuple[str, str]:
    return rules.normalise(address), rules.handle_of(address)


@pytest.mark.parametrize(
    ("address", "normal", "handle"),
    [
        # How the same address is written.
        ("HTTP://WWW.FACEBOOK.COM/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("//facebook.com/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("https:/facebook.com/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("http://https://facebook.com/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("htpp://facebook.com/CharltonPD", "", ""),
        ("https://facebook.com:443/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("https://facebook.com./CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("\ufeff\u200bfacebook.com/Charlton\u200dPD\xa0 ", "facebook.com/CharltonPD", "CharltonPD"),
        ("<https://facebook.com/CharltonPD>.", "facebook.com/CharltonPD", "CharltonPD"),
        ("Facebook: https://facebook.com/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("Facebook:https://facebook.com/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("Página de Facebook (https://es-la.facebook.com/CharltonPD)", "facebook.com/CharltonPD", "CharltonPD"),
        ("https://fr-fr.facebook.com/CharltonPD?ref=ts&amp;__a=15", "facebook.com/CharltonPD", "CharltonPD"),
        ("https://es.linkedin.com/company/charlton", "linkedin.com/company/charlton", "charlton"),
        ("https://touch.www.facebook.com/CharltonPD?sk=wall", "facebook.com/CharltonPD", "CharltonPD"),
        ("my-town.example.com/a", "my-town.example.com/a", "a"),
        # What can not be told is read as nothing.
        ("https://facebook.com/Charlton Police", "", ""),
        ("https://facebook.com/a and https://x.com/b", "", ""),
        ("library@town.example", "", ""),
        ("mailto:library@town.example", "", ""),
        ("5.5", "", ""),
        # Hosts that only look like a network's.
        ("https://facebook.com@evil.example/CharltonPD", "evil.example/CharltonPD", "CharltonPD"),
        ("https://facebook.com.evil.example/CharltonPD", "facebook.com.evil.example/CharltonPD", "CharltonPD"),
        ("https://facebook.com\\@evil.example", "facebook.com/@evil.example", "evil.example"),
        ("https://faceb\u043e\u043ek.com/CharltonPD", "xn--facebk-0qfa.com/CharltonPD", "CharltonPD"),
        ("https://\uff46acebook.com/CharltonPD", "facebook.com/CharltonPD", "CharltonPD"),
        ("https://facebook%2ecom/x", "", ""),
        # Facebook.
        ("facebook.com/pages/Charlton-Library/136880189673357", None, "136880189673357"),
        ("facebook.com/pages/Charlton-MA/Charlton-Library/28902055276?sk=wall", None, "28902055276"),
        ("facebook.com/pages/category/Library/Charlton-Library-136880189673357/", None, "136880189673357"),
        ("facebook.com/people/Charlton-Library/100064855", None, "100064855"),
        ("facebook.com/p/Charlton-Library-100064855", None, "100064855"),
        ("facebook.com/Charlton-Library-136880189673357", None, "136880189673357"),
        ("facebook.com/pg/CharltonLibrary/about", None, "CharltonLibrary"),
        ("facebook.com/#!/CharltonLibrary", "facebook.com/CharltonLibrary", "CharltonLibrary"),
        ("facebook.com/pages", None, ""),
        ("facebook.com/sharer/sharer.php?u=x", None, ""),
        # X.
        ("http://twitter.com/#!/CharltonPD?lang=es", "x.com/CharltonPD", "CharltonPD"),
        ("twitter.com/CharltonPD/lists/departments", None, "CharltonPD"),
        ("twitter.com/i/lists/123", None, ""),
        ("twitter.com/intent/follow?screen_name=CharltonPD", None, "CharltonPD"),
        # YouTube.
        ("youtube.com/user/CharltonTV", None, "CharltonTV"),
        ("youtube.com/c/CharltonTV/featured", None, "CharltonTV"),
        ("youtube.com/channel/UCXJbUDLYX-wGIhRuN66hqZw", None, "UCXJbUDLYX-wGIhRuN66hqZw"),
        ("youtube.com/@CharltonTV?sub_confirmation=1", "youtube.com/@CharltonTV", "CharltonTV"),
        ("https://youtu.be/dQw4w9WgXcQ", None, ""),
        # Others.
        ("linkedin.com/showcase/charlton-parks", None, "charlton-parks"),
        ("linkedin.com/school/charlton-high", None, "charlton-high"),
        ("linkedin.com/in/somebody", None, "somebody"),
        ("flickr.com/photos/44220185@N08/", None, "44220185@N08"),
        ("flickr.com/people/charlton", None, "charlton"),
        ("vimeo.com/charlton", None, "charlton"),
        ("vimeo.com/76979871", None, ""),
        ("vimeo.com/channels/charlton", None, "charlton"),
        ("pinterest.co.uk/charlton/", "pinterest.com/charlton", "charlton"),
        ("charlton.tumblr.com", None, "charlton"),
        ("tumblr.com/blog/view/charlton", None, "charlton"),
        ("slideshare.net/charlton", None, "charlton"),
        ("github.com/orgs/charlton", None, "charlton"),
        ("foursquare.com/charlton", None, "charlton"),
        ("ustream.tv/channel/charlton-tv", None, "charlton-tv"),
        ("myspace.com/charlton", None, "charlton"),
        ("plus.google.com/u/0/102371865054310418159/posts", None, "102371865054310418159"),
        ("plus.google.com/+Charlton", None, "+Charlton"),
        ("threads.com/@charlton", "threads.net/@charlton", "charlton"),
        ("bsky.app/profile/charlton.bsky.social", None, "charlton.bsky.social"),
        ("@Charlton@mastodon.social", "mastodon.social/@Charlton", "Charlton@mastodon.social"),
        ("https://mastodon.social/users/Charlton", None, "Charlton@mastodon.social"),
        ("https://social.example/@Charlton/109", None, "Charlton@social.example"),
        ("nextdoor.com/agency-detail/ma/charlton/town-of-charlton/", None, "town-of-charlton"),
        ("tiktok.com/@charlton/video/7", None, "charlton"),
        ("whatsapp.com/channel/0029Va4K0PZ5a245NkngBA2M", None, "0029Va4K0PZ5a245NkngBA2M"),
        ("reddit.com/r/charlton", None, "charlton"),
        ("podcasts.apple.com/us/podcast/charlton-talks/id1200361736", None, "id1200361736"),
        ("https://town.example/news/feed", None, "town.example/news/feed"),
    ],
)  # fmt: skip
def test_how_networks_spell_their_accounts(address: str, normal: str | None, handle: str) -> None:
    found, name = read(address)
    assert name == handle
    assert normal is None or found == normal
    assert read(found) == (found, handle)


@pytest.mark.parametrize(
    "address",
    [
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example",
        "https://facebook.com/share/1A2b3C/",
        "http://t.co/abc",
        "bit.ly/charlton",
        "https://goo.gl/maps/x",
        "https://www.youtube.com/redirect?q=x",
        "https://nam02.safelinks.protection.outlook.com/?url=x",
    ],
)
def test_an_address_that_leads_on_is_known_as_such(address: str) -> None:
    assert rules.is_redirect(address)


@pytest.mark.parametrize("address", ["facebook.com/CharltonPD", "t.co.example/x", "", "x.com/t.co"])
def test_other_addresses_do_not_lead_on(address: str) -> None:
    assert not rules.is_redirect(address)


def test_case_counts_in_channel_ids_alone() -> None:
    assert rules.address_key("facebook", "CharltonPD") == "facebook/charltonpd"
    assert rules.address_key("youtube", "UCXJbUDLYX-wGIhRuN66hqZw") == "youtube/UCXJbUDLYX-wGIhRuN66hqZw"
    assert rules.address_key("flickr", "44220185@N08") == "flickr/44220185@n08"


def test_a_cell_may_hold_several_addresses() -> None:
    assert rules.addresses_in("FB: facebook.com/a; X (https://x.com/b), text") == ("facebook.com/a", "https://x.com/b")
    assert rules.addresses_in(" ") == ()


@pytest.mark.parametrize("name", ["Twitter", "X (Twitter)", "X / Twitter", "twitter.com", " tw ", "x"])
def test_a_network_is_known_under_its_names(name: str) -> None:
    found = rules.known_network_named(name)
    assert found is not None
    assert found.name == "X"


def test_every_known_network_reads_the_address_it_builds() -> None:
    names = [network.name for network in KNOWN_NETWORKS]
    assert len(set(names)) == len(names)
    for network in KNOWN_NETWORKS:
        if network.page:
            url = rules.page_of(network, "id1234567" if network.name == "Apple Podcasts" else "charlton")
            assert rules.known_network_of(url) == network
            assert rules.handle_of(url).startswith(("charlton", "id1234567"))
            assert network.terms_url.startswith("https://")


PIECES = st.sampled_from(
    [
        "https://", "http://", "www.", "m.", "facebook.com", "x.com", "youtube.com", "@", "/", "//", "\\", "#!/", "?",
        "&", "&amp;", "=", "%2F", "%", ".", "..", " ", "\u200b", "\xa0", ")", "(", "<", ";", ":", "pages",
        "profile.php", "id", "UCXJbUDLYX-wGIhRuN66hqZw", "123456789012", "\u0444", "xn--", "[", "]", "Charlton",
        "tumblr.com", "amp;", "\x00", "\ud800", "mastodon.social", "utm_x", "_", "-", "\u3002", "rss", ".xml", "feed",
        "\u0130", "\u1e9e", "\u2028",

    ]
)  # fmt: skip
DIRTY = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))


@settings(max_examples=1500, deadline=None)
@given(DIRTY)
def test_nothing_that_is_pasted_raises_and_one_reading_is_enough(text: str) -> None:
    normal, handle = read(text)
    assert rules.normalise(normal) == normal
    assert rules.handle_of(normal)[:100] == handle[:100] or not normal
    assert rules.host_of(normal) == rules.host_of(text)
    assert rules.is_redirect(text) in {True, False}
    normal.encode()
    assert "\0" not in normal + handle


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from([n for n in KNOWN_NETWORKS if n.page]), st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,20}", fullmatch=True)
)
def test_an_account_is_found_again_at_the_address_built_for_it(network: KnownNetwork, name: str) -> None:
    url = rules.page_of(network, name)
    handle = rules.handle_of(url)
    assert rules.handle_of(rules.normalise(url)) == handle
    if network.name != "Apple Podcasts" and name.lower() not in network.before_name | network.nameless:
        assert handle.lower().partition("@")[0] in {name.lower(), ""}
