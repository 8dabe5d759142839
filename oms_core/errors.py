"""One root for every error; split by what the caller does next. The message says what is wrong, where, what to do."""


class OrdermillError(Exception):
    """Something is wrong and the message says what, where and what to do."""

    code = "error"


class InvalidInput(OrdermillError):
    """What was handed in cannot be used; the person who sent it must change it."""

    code = "invalid_input"


class UnreadableDocument(OrdermillError):
    """A document cannot be read; it becomes a review task and its bytes are kept.

    `code` is stable (`encrypted_pdf`, `empty`, `truncated`, `too_large`, `deadline`), `place` says where.
    """

    def __init__(self, code: str, message: str, place: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.place = place


class IllegalTransition(OrdermillError):
    """The state does not allow this step; reload and look again."""

    code = "illegal_transition"


class StaleVersion(OrdermillError):
    """Somebody else changed it in the meantime; reload and decide again."""

    code = "stale_version"


class NotFound(OrdermillError):
    """There is no such record."""

    code = "not_found"


class NotAllowed(OrdermillError):
    """This person may not do this."""

    code = "not_allowed"


class LeaseLost(OrdermillError):
    """Another worker has taken over this worker's work; this one must stop writing and end."""

    code = "lease_lost"


class PartnerUnavailable(OrdermillError):
    """A coupled system does not answer or is busy; try again later. What was sent may or may not have arrived."""

    code = "partner_unavailable"


class PartnerRejected(OrdermillError):
    """A coupled system answered that it will not take this; a person must look."""

    code = "partner_rejected"


class ChannelUnavailable(OrdermillError):
    """A channel cannot be reached; it is polled again later."""

    code = "channel_unavailable"


class ConfigurationError(OrdermillError):
    """A setting is missing or wrong; the message names it."""

    code = "configuration"
