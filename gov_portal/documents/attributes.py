"""Name what a seal of ours carries beside the signature."""

from asn1crypto import core  # type: ignore[import-untyped]

CLAIMS_ATTRIBUTE = "2.25.208816994218621381881449240861470491168"
"""Our own signed attribute (ITU-T X.667): what the sealed file claims, as JSON in one UTF8String."""

CLAIMS_ATTRIBUTE_DER: bytes = core.ObjectIdentifier(CLAIMS_ATTRIBUTE).dump()
