"""The words and the layout of mails, in the language of the receiver."""

from flask import current_app
from flask_babel import force_locale

from app.core.i18n import Message
from app.core.mail import Composed
from app.web.i18n import render


def compose(subject: Message, text: Message | str, url: str | None, language: str) -> Composed:
    """Return a mail of plain text and HTML.

    Args:
        subject: in words. text: a Message, or finished text kept as it is.
        url: path of the page it speaks of; becomes a full address.
        language: `id` or `en`.
    """
    settings = current_app.config["SETTINGS"]
    with force_locale(language):
        values = {
            "subject": render(subject),
            "text": render(text) if isinstance(text, Message) else text,
            "url": f"{settings.base_url}{url}" if url else None,
            "city": settings.city_name,
            "agency": settings.agency_name,
            "language": language,
        }
        # Not render_template: a mail has no frame, and may be written outside any request.
        environment = current_app.jinja_env
        return Composed(
            subject=values["subject"],
            text=environment.get_template("emails/message.txt").render(values),
            html=environment.get_template("emails/message.html").render(values),
        )
