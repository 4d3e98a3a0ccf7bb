"""Files of formats that no library here writes: PDF files and records of web archives."""

import zlib
from collections.abc import Sequence


def made_pdf(pages: Sequence[Sequence[str]], *, trailer: bytes = b"", info: bytes = b"") -> bytes:
    """A PDF file whose pages hold these lines, in Helvetica."""
    n = len(pages)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * page) for page in range(n))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, n),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        said = b"".join(b"(%s) Tj T*\n" % line.encode("cp1252") for line in lines)
        stream = zlib.compress(b"BT /F1 12 Tf 14 TL 72 760 Td\n%sET" % said)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    objects.append(b"<< %s >>" % info)
    out, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end % (size, size - 1, trailer, len(out))


def record(block: bytes, *, uri: str = "http://a/", kind: str = "response", number: int = 1, **headers: str) -> bytes:
    said = {
        "WARC-Type": kind,
        "WARC-Target-URI": uri,
        "WARC-Date": "2024-01-02T03:04:05Z",
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    said = "\r\n".join([f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), *headers])
    return said.encode() + b"\r\n\r\n" + body
