"""Pages on which anyone checks a licence."""

from tests.acceptance.stops import Stop

STOPS: dict[str, Stop] = {
    "verify": Stop("/verify"),
    "verify with a fault": Stop("/verify?code="),
    "valid": Stop("/verify/valid"),
    "revoked": Stop("/verify/revoked"),
    "verify without a file": Stop("/verify", press="核验文件"),
}
