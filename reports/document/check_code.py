"""The short code on a report, from which anybody can see that the report is ours.

It is made of all that the report says, with a key that only this site has: nobody can
work it out or guess it, and another word in the report would give another code.
"""

from __future__ import annotations

import json

from django.utils.crypto import salted_hmac

from reports.models import CHECK_CODE_LENGTH, Report


# Crockford's: without the letters that look like others on paper (I, L, O, U).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKS_LIKE = str.maketrans("ILO", "110")
SALT = "reports.check_code"


def check_code_of(report: Report) -> str:
    """Make the check code of a report that is about to be kept.

    Shape: 12 characters of 5 bits; another one for each report, even of the same words.
    """
    said = json.dumps(report.document, sort_keys=True)
    about = f"{report.public_id} {report.kind} {said}"
    digest = salted_hmac(SALT, about, algorithm="sha256").digest()
    number = int.from_bytes(digest)
    return "".join(
        ALPHABET[number >> (5 * place) & 31] for place in range(CHECK_CODE_LENGTH)
    )


def as_kept(typed: str) -> str:
    """Read a code as somebody typed it off paper: empty when it can't be one."""
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(LOOKS_LIKE)
    is_one = len(code) == CHECK_CODE_LENGTH and set(code) <= set(ALPHABET)
    return code if is_one else ""
