"""A certificate that may not seal does not seal: neither when it is brought in nor on the day."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from mingzheng.core import clock
from mingzheng.desk.alarms import alarms
from mingzheng.documents import acts, pades, sealing
from mingzheng.records import sandbox
from mingzheng.site import command_line, doctor
from mingzheng.site.demo.play import at, who

CODE = "agency-0"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Keys of this test's own."""
    settings.DATA = tmp_path
    yield


def name(text: str) -> x509.Name:
    """A name of one part."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issued(
    key: Any,
    by: Any,
    issuer: str = "根",
    subject: str = "某局",
    days: tuple[int, int] = (-10, 300),
    usage: str | None = "digital_signature",
    authority: bool = False,
) -> x509.Certificate:
    """A certificate of `key` that `by` signed."""
    words = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
        " key_cert_sign crl_sign encipher_only decipher_only"
    ).split()
    made = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() + timedelta(days=days[0]))
        .not_valid_after(clock.now() + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if usage is not None:
        made = made.add_extension(x509.KeyUsage(*(each == usage for each in words)), critical=True)
    return made.sign(by, None if isinstance(by, ed25519.Ed25519PrivateKey) else hashes.SHA256())


ROOT_KEY = ec.generate_private_key(ec.SECP256R1())
KEY = ec.generate_private_key(ec.SECP256R1())


def root(**said: Any) -> x509.Certificate:
    """The authority of these tests."""
    said = {"subject": "根", "authority": True, "usage": "key_cert_sign", **said}
    return issued(ROOT_KEY, ROOT_KEY, **said)


def p12(certificate: Any, others: list[Any] | None = None, key: Any = KEY) -> bytes:
    """The file that an authority hands out."""
    kept = [root()] if others is None else others
    sealed = serialization.BestAvailableEncryption(b"pw")
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, kept, sealed)


def refused(data: bytes, password: str = "pw") -> str:
    """Why it is not taken in; empty when it is."""
    try:
        sealing.install(CODE, data, password)
    except sealing.SealError as error:
        assert not sealing.available(CODE)
        return str(error)
    return ""


def test_a_certificate_in_order_is_taken_in_and_seals() -> None:
    assert refused(p12(issued(KEY, ROOT_KEY))) == ""
    assert pades.signer(CODE).signing_cert is not None
    strong = rsa.generate_private_key(65537, 2048)
    assert refused(p12(issued(strong, ROOT_KEY), key=strong)) == ""


def weak() -> dict[str, tuple[bytes, str]]:
    """By what is wrong with it, a file and words of the refusal."""
    good = issued(KEY, ROOT_KEY)
    small, curve, edwards = (
        rsa.generate_private_key(65537, 1024),
        ec.generate_private_key(ec.SECP256K1()),
        ed25519.Ed25519PrivateKey.generate(),
    )
    other = ec.generate_private_key(ec.SECP256R1())
    return {
        "expired": (p12(issued(KEY, ROOT_KEY, days=(-99, -1))), "过期，不能用印"),
        "not yet valid": (p12(issued(KEY, ROOT_KEY, days=(5, 99))), "才生效，现在不能用印"),
        "short": (p12(issued(small, ROOT_KEY), key=small), "只有 1024 位"),
        "another curve": (p12(issued(curve, ROOT_KEY), key=curve), "国密 SM2 或者平台不认得的算法"),
        "Ed25519": (p12(issued(edwards, ROOT_KEY), key=edwards), "平台不认得的算法"),
        "for encryption": (p12(issued(KEY, ROOT_KEY, usage="key_encipherment")), "用途不是签名"),
        "for nothing named": (p12(issued(KEY, ROOT_KEY, usage=None)), "没有写明用途"),
        "an authority's": (p12(root(), key=ROOT_KEY), "发证机构的证书"),
        "without its chain": (p12(good, []), "没有上级证书“CN=根”"),
        "forged chain": (p12(issued(KEY, other)), "不是文件里的上级证书签发的"),
        "expired authority": (p12(good, [root(days=(-99, -1))]), "上级证书已于"),
        "no file of this kind": (b"x" * 500, "不是 PKCS#12"),
    }


WEAK = weak()


@pytest.mark.parametrize("fault", WEAK)
def test_a_certificate_that_may_not_seal_is_refused_in_words(fault: str) -> None:
    data, words = WEAK[fault]
    assert words in refused(data)


def test_a_wrong_password_is_told() -> None:
    assert "口令不对" in refused(p12(issued(KEY, ROOT_KEY)), "other")


def test_an_sm2_seal_is_refused_in_words(tmp_path: Path) -> None:
    made = (
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "k"],
        ["req", "-x509", "-new", "-key", "k", "-subj", "/CN=x", "-days", "9", "-sm3", "-out", "c"],
        ["pkcs12", "-export", "-inkey", "k", "-in", "c", "-out", "p", "-passout", "pass:pw"],
    )
    for each in made:
        subprocess.run(["openssl", *each], cwd=tmp_path, check=True, capture_output=True)
    assert "国密 SM2" in refused((tmp_path / "p").read_bytes())


def test_a_seal_is_read_in_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "ask", lambda *_, **__: sandbox.Answer({}, died=True))
    assert "打不开" in refused(p12(issued(KEY, ROOT_KEY)))


def test_a_seal_that_expires_stops_on_its_day_and_is_announced_before(
    bodies: dict[str, Any],
) -> None:
    assert refused(p12(issued(KEY, ROOT_KEY, days=(-10, 100)))) == ""
    today = clock.today()
    with at(today + timedelta(days=30)):
        assert not [line for line in seals_in(doctor.remarks())]
    with at(today + timedelta(days=50)):
        assert pades.signer(CODE) and "到期，请现在申请新证书" in "".join(
            seals_in(doctor.remarks())
        )
    with at(today + timedelta(days=101)):
        with pytest.raises(sealing.SealError, match="过期，不能用印"):
            pades.signer(CODE)
        (told,) = [fault for _, _, fault in sealing.installed()]
        assert "过期" in told


def seals_in(lines: Iterator[str]) -> list[str]:
    """What the check-up says of seals."""
    return [line for line in lines if "印章证书" in line]


def test_the_check_up_says_whose_papers_wait(bodies: dict[str, Any]) -> None:
    code = acts.seal_code(bodies["wg"].pk)
    sealing.install(code, p12(issued(KEY, ROOT_KEY, days=(-10, 10))), "pw")
    keeper = who(bodies["wg"], "袁系")
    with at(clock.today() + timedelta(days=5)):
        assert [each.say for each in alarms(keeper) if "到期，请现在申请新证书" in each.say]
    with at(clock.today() + timedelta(days=12)):
        told = "".join(doctor.complaints())
        assert [each.say for each in alarms(keeper) if "等着用印" in each.say]
        assert alarms(who(bodies["wg"], "张三")) == []
    assert f"{bodies['wg'].name}的文书等着用印：" in told and "过期" in told


def test_the_command_answers_in_words(
    bodies: dict[str, Any], tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("pw\npw\n"))
    assert command_line.install_seal(["wg", str(tmp_path / "none.p12")]) == 1
    assert command_line.install_seal(["wg", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("读不出来。请检查路径和权限") == 2
    (tmp_path / "a.p12").write_bytes(WEAK["expired"][0])
    assert command_line.install_seal(["wg", str(tmp_path / "a.p12")]) == 1
    assert "过期" in capsys.readouterr().err
    (tmp_path / "b.p12").write_bytes(p12(issued(KEY, ROOT_KEY)))
    assert command_line.install_seal(["wg", str(tmp_path / "b.p12")]) == 0
