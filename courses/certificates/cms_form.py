"""The signature container of one signer, taken apart once and filled in for each file.

A CMS structure (RFC 5652) of a certificate differs from the next one in two values only: the digest
of the file and the signature over the signed attributes. Building the whole structure anew took
more time than anything else in a large job. What is filled in here equals, byte for byte, what the
signing library builds (a test compares them).
"""

from collections.abc import Callable

from asn1crypto import cms

_SEQUENCE, _SET, _OCTETS, _TAG_0 = 0x30, 0x31, 0x04, 0xA0
_MESSAGE_DIGEST = cms.CMSAttributeType("message_digest").dump()
_SIGNED_DATA = cms.ContentType("signed_data").dump()


class CmsForm:
    """A signed-data structure with one signer, whose digest and signature are left open."""

    def __init__(self, model: cms.ContentInfo) -> None:
        """Take apart a finished structure of the same signer.

        Raises:
            ValueError: it holds what is not filled in here (a timestamp, revocation lists).
        """
        content = cms.ContentInfo.load(model.dump())["content"]
        [signer] = content["signer_infos"]
        if content["crls"] or signer["unsigned_attrs"]:
            raise ValueError("a structure with unsigned parts is no form")
        self._content_head = b"".join(
            content[name].dump()
            for name in ("version", "digest_algorithms", "encap_content_info", "certificates")
        )
        self._signer_head = b"".join(
            signer[name].dump() for name in ("version", "sid", "digest_algorithm")
        )
        self._algorithm = signer["signature_algorithm"].dump()
        self._attributes = [
            attribute.dump()
            for attribute in signer["signed_attrs"]
            if attribute["type"].native != "message_digest"
        ]

    def filled(self, digest: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        """Return the structure for a file.

        Args:
            digest: SHA-256 of what the file's signature covers.
            sign: returns the raw signature over the bytes it is given.
        """
        own = _element(_SEQUENCE, _MESSAGE_DIGEST + _element(_SET, _element(_OCTETS, digest)))
        attributes = b"".join(sorted([*self._attributes, own]))
        signature = sign(_element(_SET, attributes))
        signer = _element(
            _SEQUENCE,
            self._signer_head
            + _element(_TAG_0, attributes)
            + self._algorithm
            + _element(_OCTETS, signature),
        )
        content = _element(_SEQUENCE, self._content_head + _element(_SET, signer))
        return _element(_SEQUENCE, _SIGNED_DATA + _element(_TAG_0, content))


def _element(tag: int, content: bytes) -> bytes:
    """Return a value with its tag and length in distinguished encoding."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size) + content
