"""The Social Media User Responsibility Guideline (3.6-3) for the public: the page every site links to (3.5-4)."""

from flask import Blueprint, Response, current_app, make_response

from charlton_intranet.mail.messages import letterhead
from charlton_intranet.policy.queries import categories
from charlton_intranet.web import context
from charlton_intranet.web.guard import public

blueprint = Blueprint("guideline", __name__)

# Minutes after a change of the policy's words every reader has them; until then no cache need ask again.
FOR_A_WHILE = "public, max-age=600"


@blueprint.get("/guideline")
@public
def page() -> Response:
    """The policy's own words alone: tests, risks and guards of the categories are for staff.

    Rendered without the context of other pages, so that nothing of a reader who is signed in can be in it.
    """
    template = current_app.jinja_env.get_template("sites/guideline.html")
    answer = make_response(
        template.render(
            town=context.parts().settings.town_name,
            contact=letterhead().reply_to,
            categories=[(category.letter, category.words) for category in categories().by_letter.values()],
        )
    )
    answer.headers["Cache-Control"] = FOR_A_WHILE
    return answer
