"""The example for nginx starts, on the nginx that is here, and compresses for who asks for it."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.conf import settings

CONFIGURATION = settings.BASE_DIR / "deploy" / "nginx.conf"

# Debian keeps it where only root looks.
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")

needs_nginx = pytest.mark.skipif(
    NGINX is None,
    reason="NO NGINX HERE: nobody has checked deploy/nginx.conf (apt install nginx-light)",
)

# What a machine's own configuration adds; this one writes nowhere but in its folder.
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A folder with a key and a certificate for example.org that signs itself."""
    folder = tmp_path_factory.mktemp("certificate")
    what = ("-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example.org")
    files = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
    subprocess.run(["openssl", "req", *what, *files], check=True, capture_output=True)
    return folder


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def replaced(pattern, by, text):
    """`text` with what a machine decides for itself replaced; it must be there."""
    text, times = re.subn(pattern, by, text)
    assert times, f"deploy/nginx.conf no longer says {pattern}"
    return text


class Machine:
    """A folder with an nginx in it that is set up as the example says."""

    def __init__(self, folder, certificate):
        self.folder, self.certificate = folder, certificate
        self.plain, self.secure, self.upstream = free_port(), free_port(), free_port()

    def set_up(self, text):
        text = replaced(r"/etc/letsencrypt/live/example\.org", str(self.certificate), text)
        text = replaced(r"(listen (?:\[::\]:)?)80\b", rf"\g<1>{self.plain}", text)
        text = replaced(r"(listen (?:\[::\]:)?)443\b", rf"\g<1>{self.secure}", text)
        text = replaced(r"127\.0\.0\.1:8000", f"127.0.0.1:{self.upstream}", text)
        text = replaced(r"/srv/spacesite/media", f"{self.folder}/media", text)
        if not has_ipv6():
            text = replaced(r"\[::\]:", "127.0.0.2:", text)
        (self.folder / "site.conf").write_text(text)
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder))

    def command(self, *more):
        return [NGINX, "-p", self.folder, "-c", self.folder / "nginx.conf", *more]

    def check(self):
        return subprocess.run(self.command("-t"), capture_output=True, text=True, timeout=30)


@pytest.fixture
def machine(tmp_path, certificate):
    return Machine(tmp_path, certificate)


@needs_nginx
def test_nginx_takes_the_example(machine):
    machine.set_up(CONFIGURATION.read_text())
    answer = machine.check()
    assert answer.returncode == 0, answer.stderr


@needs_nginx
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("gzip_vary on;", "gzip_vary on"),
        ("gzip on;", "zip on;"),
        ("server 127.0.0.1:", "server nowhere.invalid:"),
        ("fullchain.pem", "missing.pem"),
    ],
)
def test_nginx_refuses_a_broken_one(right, wrong, machine):
    text = CONFIGURATION.read_text()
    assert right in text
    machine.set_up(text)
    site = machine.folder / "site.conf"
    site.write_text(site.read_text().replace(right, wrong))
    assert machine.check().returncode != 0


class Application(BaseHTTPRequestHandler):
    """Stands for gunicorn: a page long enough to compress that says how it was asked."""

    def do_GET(self):
        body = b"<p>Ten people are in space.</p>" * 100
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name in ("Host", "X-Forwarded-Proto", "X-Forwarded-For"):
            self.send_header(f"Heard-{name}", self.headers[name])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def running(machine):
    """The machine, with nginx and an application behind it at work."""
    machine.set_up(CONFIGURATION.read_text())
    application = HTTPServer(("127.0.0.1", machine.upstream), Application)
    Thread(target=application.serve_forever, daemon=True).start()
    nginx = subprocess.Popen(machine.command(), stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(100):
            assert nginx.poll() is None, nginx.stderr.read()
            try:
                socket.create_connection(("127.0.0.1", machine.secure), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield machine
    finally:
        nginx.terminate()
        nginx.wait(timeout=10)
        nginx.stderr.close()
        application.shutdown()
        application.server_close()


def context(certificate, protocol):
    asking = ssl.create_default_context(cafile=certificate / "fullchain.pem")
    asking.check_hostname = False
    asking.set_alpn_protocols([protocol])
    return asking


@needs_nginx
def test_nginx_serves_as_the_example_says(running):
    secure = context(running.certificate, "http/1.1")
    for encoding, compressed in (("gzip", "gzip"), ("identity", None)):
        asking = http.client.HTTPSConnection(
            "127.0.0.1", running.secure, context=secure, timeout=10
        )
        asking.request(
            "GET",
            "/records/",
            headers={
                "Host": "example.org",
                "Accept-Encoding": encoding,
                # Not for a visitor to say.
                "X-Forwarded-Proto": "ftp",
                "X-Forwarded-For": "192.0.2.1",
            },
        )
        answer = asking.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == compressed
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Heard-Host"] == "example.org"
        assert answer.headers["Heard-X-Forwarded-Proto"] == "https"
        assert answer.headers["Heard-X-Forwarded-For"] == "127.0.0.1"
        asking.close()

    asking = http.client.HTTPConnection("127.0.0.1", running.plain, timeout=10)
    asking.request("GET", "/records/?at=2024-01-01", headers={"Host": "example.org"})
    answer = asking.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == "https://example.org/records/?at=2024-01-01"
    asking.close()


@needs_nginx
def test_nginx_sends_pictures_and_no_original(running):
    for name in ("renditions/a.1-480.webp", "originals/a.webp"):
        path = running.folder / "media" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"a picture")
    # Its worker is another user where the tests run as root.
    for folder in (running.folder, *running.folder.parents[:2]):
        folder.chmod(0o755)
    secure = context(running.certificate, "http/1.1")
    found = {}
    for path in ("/media/a.1-480.webp", "/media/a.webp", "/media/../originals/a.webp"):
        asking = http.client.HTTPSConnection(
            "127.0.0.1", running.secure, context=secure, timeout=10
        )
        asking.request("GET", path, headers={"Host": "example.org"})
        found[path] = asking.getresponse()
        asking.close()
    sent = found.pop("/media/a.1-480.webp")
    assert sent.status == 200
    assert sent.headers["Content-Type"] == "image/webp"
    assert sent.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert found["/media/a.webp"].status == 404
    # Outside /media/, where the application answers.
    assert "Heard-Host" in found["/media/../originals/a.webp"].headers


@needs_nginx
def test_nginx_speaks_http_2(running):
    with (
        socket.create_connection(("127.0.0.1", running.secure), timeout=10) as plain,
        context(running.certificate, "h2").wrap_socket(plain) as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"
