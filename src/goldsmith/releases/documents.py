"""The files of a release that people read: certificate, read-me, public key, and the commands that verify it."""

import functools
from importlib import resources
from string import Template

from goldsmith.kit.clock import as_iso
from goldsmith.releases.model import Certificate, Contributor, counted
from goldsmith.trust.dsse import PAYLOAD_TYPE
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.layouts import ENVELOPE, MANIFEST, PUBLIC_KEY

_PAYLOAD = rf"""sed 's/.*"payload":"\([^"]*\)".*/\1/' {ENVELOPE} | openssl base64 -d -A"""
_SIGNATURE = rf"""sed 's/.*"sig":"\([^"]*\)".*/\1/' {ENVELOPE} | openssl base64 -d -A"""
_LISTED = (
    rf"""sed 's/.*"files":\[\([^]]*\)\].*/\1/' {MANIFEST} | grep -o '"name":"[^"]*","sha256":"[0-9a-f]*"'"""
    r""" | sed 's/"name":"\(.*\)","sha256":"\(.*\)"/\2  \1/'"""
)


def verify_commands(key: VerifyingKey) -> tuple[str, str, str]:
    """Three commands to run inside a release: Goldsmith; OpenSSL 3 for the signature; sha256sum for the files."""
    signature = (
        f"T=$(mktemp -d) && {_PAYLOAD} > $T/body && {_SIGNATURE} > $T/sig"
        f" && {{ printf 'DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} %d ' $(wc -c < $T/body); cat $T/body; }} > $T/signed"
        f" && openssl pkeyutl -verify -pubin -inkey {PUBLIC_KEY} -rawin -in $T/signed -sigfile $T/sig"
    )
    hashes = (
        f"""{_PAYLOAD} | grep -q "\\"sha256\\":\\"$(sha256sum < {MANIFEST} | cut -c1-64)\\"" """
        f"&& {_LISTED} | sha256sum -c || {{ echo '{MANIFEST} or a file it lists: FAILED'; false; }}"
    )
    return f"goldsmith verify . --key {key.to_text()}", signature, hashes


def public_key_text(key: VerifyingKey) -> str:
    """The public key: one line for Goldsmith, its fingerprint, and PEM for OpenSSL, which skips what is before it."""
    return f"{key.to_text()}\n\nFingerprint: {key.fingerprint}\n\n{key.to_pem()}"


def certificate_text(certificate: Certificate) -> str:
    """The certificate as Markdown that can be read aloud."""
    return _template("certificate.md").substitute(
        title=certificate.title,
        summary=certificate.summary,
        n_items=counted(certificate.n_items, "item"),
        client=certificate.client,
        project=certificate.project,
        version=certificate.version,
        made=as_iso(certificate.created_at),
        goldsmith_version=certificate.goldsmith_version,
        schema_version=certificate.schema_version,
        guideline_version=certificate.guideline_version,
        policy_version=certificate.policy_version,
        n_annotations=counted(certificate.n_annotations, "annotation"),
        who=_bullets([_sentence(one) for one in certificate.who], "Nobody."),
        accuracy=certificate.accuracy.text,
        agreement=_bullets(
            [f"Question “{one.question}”, {one.name}: {one.text}." for one in certificate.agreement],
            "No agreement was measured.",
        ),
        limits=_bullets(list(certificate.known_limits), "None is recorded. That does not mean that there is none."),
        recipe="recipe.lock.json" if certificate.recipe is not None else "not recorded",
        content_root=certificate.content_root,
        log_origin=certificate.log.origin,
        log_size=f"{certificate.log.size:,}",
        log_root=certificate.log.root,
        signed_by=certificate.signed_by,
    )


def readme_text(certificate: Certificate, key: VerifyingKey) -> str:
    """The read-me of a release folder, with the three commands that verify it."""
    with_goldsmith, signature, hashes = verify_commands(key)
    return _template("readme.md").substitute(
        title=certificate.title,
        version=certificate.version,
        summary=certificate.summary,
        with_goldsmith=with_goldsmith,
        signature=signature,
        hashes=hashes,
        fingerprint=key.fingerprint,
    )


def _sentence(one: Contributor) -> str:
    if one.kind == "person":
        return f"A person under the pseudonym {one.name}: {counted(one.n_answers, 'answer')}."
    version = f"version {one.version}" if one.version else "no version recorded"
    return f"The program {one.name}, {version}: {counted(one.n_answers, 'answer')}."


def _bullets(sentences: list[str], otherwise: str) -> str:
    return "\n".join(f"- {' '.join(sentence.split())}" for sentence in sentences) if sentences else otherwise


@functools.cache
def _template(name: str) -> Template:
    return Template(resources.files("goldsmith.releases").joinpath("templates", name).read_text("utf-8"))
