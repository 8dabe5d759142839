"""What a channel takes from outside, at most; settings may say less or more where they name the same thing."""

from oms_core.values.document import Limits

MAX_DELIVERY_BYTES = Limits().bytes
"""Size of one delivery; a larger one is refused with its facts, its bytes stay at the source."""

MAX_ARRIVALS = 10_000
"""Deliveries of one look at a source; what is beyond comes with the next look."""

MAX_LISTED = 1_000_000
"""Names read from one folder listing; a folder with more is reported, not read."""

MAX_HEAD_BYTES = 512 * 1024
"""Bytes of a mail that are looked at for its header fields."""

MAX_NAME_CHARACTERS = 255
"""Characters kept of a file name that is shown to people."""
