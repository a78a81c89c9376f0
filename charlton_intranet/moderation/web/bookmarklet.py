"""The bookmarklet: from a post on any site to the filled capture form.

It opens a page of ours by GET and hands over what it read in the address, bounded. Nothing is loaded into the other
site, nothing is posted from it, and nothing is written before somebody presses on our own form: neither the content
security policy nor the protection of forms has to give way.
"""

import json
from urllib.parse import quote

from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Permission
from charlton_intranet.moderation.web.capture import CAPTURE
from charlton_intranet.moderation.web.shared import blueprint
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond

# Short enough for every proxy, also when the sign-in page carries the address along (twice encoded): most take 8 KB.
# A link that is too long goes without its query; words that are too many are cut, and the form says so.
SCRIPT = (
    "(()=>{"
    "let link=location.href;"
    "if(link.length>1000)link=location.origin+location.pathname;"
    "const all=[...String(getSelection()).trim()];"
    "let words=all.slice(0,2000),query;"
    "for(;;){"
    'query=new URLSearchParams({link,title:document.title.slice(0,200),text:words.join("")});'
    'if(words.length<all.length)query.set("cut","1");'
    "if(String(query).length<=4000||!words.length)break;"
    "words=words.slice(0,-100)"
    "}"
    'open(ADDRESS+"?"+query,"_blank","noopener")'
    "})()"
)


def bookmarklet(address: str) -> str:
    """What the bookmark holds: the script as an address. ``address`` is that of our capture form."""
    return "javascript:" + quote(SCRIPT.replace("ADDRESS", json.dumps(address)), safe="!'()*,;:=?[]{}.&|<>/+-")


@blueprint.get(f"{CAPTURE}/bookmarklet")
@needs(Permission.CAPTURE_CONTENT)
def bookmarklet_page() -> ResponseReturnValue:
    """The bookmarklet to be dragged or copied, and what to do on a phone."""
    address = context.parts().settings.base_url.rstrip("/") + CAPTURE
    return respond("moderation/bookmarklet.html", bookmarklet=bookmarklet(address))
