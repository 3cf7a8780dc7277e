from pathlib import Path

import pytest

from crawler.errors import SourceError
from crawler.source import load_source
from crawler.tls import excepted, unverified_hosts

OUTLET = """name: Báo Mẫu
domain: bao-mau.example
country: VN
languages: [vi]
scope: national
feeds:
- {url: "https://tin.bao-khac.example/rss", kind: rss}
"""


def written(folder: Path, more: str) -> Path:
    path = folder / "bao-mau.yaml"
    path.write_text(OUTLET + more, encoding="utf-8")
    return path


def test_an_exception_holds_for_the_hosts_of_its_source_only(tmp_path: Path) -> None:
    source = load_source(written(tmp_path, "tls: unverified\ntls_reason: the server leaves out its issuer (2026-11)\n"))
    hosts = unverified_hosts([source])
    for host in ("bao-mau.example", "WWW.bao-mau.example", "bao-mau.example.", "tin.bao-khac.example"):
        assert excepted(host, hosts), host
    for host in ("xbao-mau.example", "bao-khac.example", "a.tin.bao-khac.example", "example", ""):
        assert not excepted(host, hosts), host


def test_certificates_are_checked_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    assert unverified_hosts([load_source(written(tmp_path, ""))]) == []


@pytest.mark.parametrize("more", ["tls: unverified\n", "tls_reason: because\n", "tls: off\n"])
def test_an_exception_has_a_reason(tmp_path: Path, more: str) -> None:
    with pytest.raises(SourceError, match="tls"):
        load_source(written(tmp_path, more))
