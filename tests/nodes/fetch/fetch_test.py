"""`ladcast-flow fetch` against a server that fails on purpose.

fetch_test.py PROGRAM SOURCE    the program, and the folder of its source
"""

import hashlib
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from file_server import FileServer

PROGRAM, SOURCE = sys.argv[1], Path(sys.argv[2])
WEIGHTS = "forecaster/diffusion_pytorch_model.safetensors"
NETWORK = ["config.json", "diffusion_pytorch_model.safetensors"]


def some_bytes(seed, count):
    return random.Random(seed).randbytes(count)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def git_blob(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def listed(files, base="https://models.invalid", unpinned=(), urls={}):
    """The table [fetch], without the sha256 of the `unpinned`."""
    lines = []
    for path, content in files.items():
        pin = "" if path in unpinned else f', sha256 = "{sha256(content)}"'
        url = f', url = "{urls[path]}"' if path in urls else ""
        lines.append(f'  {{ path = "{path}"{pin}{url} }},')
    return "\n".join(["", "[fetch]", f'base = "{base}"', "files = [", *lines, "]", ""])


class FetchTest(unittest.TestCase):
    """A model "planet", whose autoencoder is that of a model "shared" beside it."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        self.cache = self.folder / "home/.cache/ladcast-flow/models"
        self.planet = {f"forecaster/{name}": some_bytes(name, 200_000) for name in NETWORK}
        self.shared = {name: some_bytes(name, 1000) for name in
                       NETWORK + ["normal.json", "latent_normal.json", "static.nc"]}
        self.describe("planet", listed(self.planet))
        self.describe("shared", listed(self.shared))
        files = {f"/m/planet/{path}": content for path, content in self.planet.items()}
        files |= {f"/m/shared/{path}": content for path, content in self.shared.items()}
        self.server = FileServer(files)
        self.addCleanup(self.server.close)

    def describe(self, name, fetch):
        text = (SOURCE / "pipelines/models/small-planet/model.toml").read_text()
        text = text[: text.index("[climatology]")] if "[climatology]" in text else text
        to_shared = "." if name == "shared" else "../shared"
        text = text.replace('name       = "small-planet"', f'name = "{name}"')
        text = text.replace('"autoencoder"', f'"{to_shared}"')
        for file in ["static.nc", "normal.json", "latent_normal.json"]:
            text = text.replace(f'"{file}"', f'"{to_shared}/{file}"')
        if name == "shared":
            text = "\n".join(line for line in text.splitlines() if not line.startswith("forecaster"))
        file = self.folder / "described" / name / "model.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + fetch)

    def start(self, *arguments, **changes):
        environment = {"HOME": str(self.folder / "home"), "PATH": os.environ["PATH"],
                       "LADCAST_MODELS": str(self.folder / "described")}
        environment |= changes.pop("environment", {})
        return subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **changes)

    def call(self, *arguments, expect=0, **changes):
        process = self.start(*arguments, **changes)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, expect, out + err)
        return out + err

    def fetch(self, *arguments, **changes):
        return self.call("fetch", "planet", "--mirror", self.server.url + "/m", *arguments, **changes)

    def asked(self, path=WEIGHTS):
        return [wanted for asked, wanted in self.server.requests if asked == "/m/planet/" + path]

    def check_complete(self, folder=None):
        for name, files in (("planet", self.planet), ("shared", self.shared)):
            for path, content in files.items():
                self.assertEqual(((folder or self.cache) / name / path).read_bytes(), content)
        self.assertEqual(self.parts(folder), [])

    def parts(self, folder=None):
        return [part.name for part in (folder or self.cache).rglob("*.part")]

    def fault(self, *faults, path=WEIGHTS):
        self.server.faults["/m/planet/" + path] = list(faults)

    def test_a_model_and_the_autoencoder_beside_it_come_into_the_cache(self):
        self.assertIn("7 of 8 files are missing; 'ladcast-flow fetch planet'", self.call("models"))
        text = self.fetch()
        self.assertIn(f"fetched  {WEIGHTS} (195.3 KiB)", text)
        self.assertIn("planet is complete\n", text)
        self.check_complete()
        listing = self.call("models", environment={"LADCAST_MODELS": ""})
        self.assertIn(f"{self.cache}/planet: all 8 files are there", listing)
        asked = len(self.server.requests)
        self.assertIn("there    " + WEIGHTS, self.fetch())
        self.assertEqual(len(self.server.requests), asked)

    def test_another_folder(self):
        text = self.fetch("--to", "models")
        self.assertIn(f"it is found with LADCAST_MODELS={self.folder}/models", text)
        self.check_complete(self.folder / "models")
        self.assertFalse(self.cache.exists())

    def test_a_model_named_by_its_folder(self):
        for name in ("./described/planet", "described/../described/planet/", str(self.folder / "described/planet")):
            with self.subTest(name):
                to = self.folder / f"to{len(name)}"
                self.call("fetch", name, "--mirror", self.server.url + "/m", "--to", str(to))
                self.check_complete(to)

    def test_a_broken_connection_is_resumed(self):
        self.fault("drop", "drop")
        text = self.fetch()
        self.assertIn("asking again in 1.0 s", text)
        self.check_complete()
        self.assertEqual(self.asked(), ["", "bytes=100000-", "bytes=150000-"])

    def test_a_stalled_connection_is_resumed(self):
        self.fault("stall")
        self.fetch("--timeout", "1")
        self.check_complete()
        self.assertEqual(self.asked(), ["", "bytes=100000-"])

    def test_a_server_that_knows_no_ranges(self):
        self.fault("drop", "whole")
        self.fetch()
        self.check_complete()
        self.assertEqual(self.asked(), ["", "bytes=100000-"])

    def test_redirections_are_followed(self):
        self.fault("moved")
        self.fetch()
        self.check_complete()

    def test_a_busy_server_is_asked_again(self):
        self.fault("500", "503 1")
        text = self.fetch()
        self.assertIn("HTTP 500 after 0 B; asking again in 1.0 s", text)
        self.assertIn("HTTP 503", text)
        self.check_complete()
        self.assertEqual(len(self.asked()), 3)

    def test_a_part_of_another_file_is_fetched_anew(self):
        part = self.cache / "planet" / (WEIGHTS + ".part")
        part.parent.mkdir(parents=True)
        part.write_bytes(b"x" * 1000)
        self.assertIn("does not fit; it is fetched anew", self.fetch())
        self.check_complete()
        self.assertEqual(self.asked(), ["bytes=1000-", ""])

    def test_a_part_that_is_whole_is_taken(self):
        part = self.cache / "planet" / (WEIGHTS + ".part")
        part.parent.mkdir(parents=True)
        part.write_bytes(self.planet[WEIGHTS])
        self.fetch()
        self.check_complete()
        self.assertEqual(self.asked(), ["bytes=200000-"])

    def test_a_file_with_another_hash_is_replaced(self):
        self.fetch()
        (self.cache / "planet" / WEIGHTS).write_bytes(b"rubbish")
        self.assertIn("wrong hash  " + WEIGHTS, self.fetch("--offline", expect=1))
        self.fetch()
        self.check_complete()

    def test_bytes_with_another_hash_are_refused_and_removed(self):
        for fault in ("corrupt", "truncate"):
            with self.subTest(fault):
                self.fault(fault)
                text = self.fetch(expect=1)
                self.assertIn("has another SHA-256 than model.toml says, and is removed", text)
                self.assertIn(sha256(self.planet[WEIGHTS]), text)
                self.assertFalse((self.cache / "planet" / WEIGHTS).exists())
                self.assertEqual(self.parts(), [])

    def test_a_file_that_is_not_there(self):
        self.fault("404")
        text = self.fetch(expect=1)
        self.assertIn(f"error: {self.server.url}/m/planet/{WEIGHTS}: HTTP 404\n", text)
        self.assertIn("--mirror URL names another source", text)
        self.assertEqual(self.asked(), [""])
        self.assertEqual(self.parts(), [])

    def test_no_network(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{unused.getsockname()[1]}"
        text = self.call("fetch", "planet", "--mirror", f"http://{host}", expect=1)
        self.assertIn(f"error: {host} cannot be reached: ", text)
        self.assertEqual(text.count("error:"), 1)
        text = self.call("fetch", "planet", expect=1)
        self.assertIn("error: models.invalid cannot be reached: ", text)
        self.assertEqual(self.parts(), [])
        self.assertFalse((self.cache / "planet").exists())  # it would hide the model's own folder

    def test_offline(self):
        text = self.fetch("--offline", expect=1)
        self.assertIn("  missing  " + WEIGHTS, text)
        self.assertFalse(self.cache.exists())
        self.fault("drop", "404")
        self.fetch(expect=1)
        self.assertIn(f"  missing  {WEIGHTS} (97.7 KiB have come)", self.fetch("--offline", expect=1))
        self.fetch()
        asked = len(self.server.requests)
        self.assertIn("all files are there\n", self.fetch("--offline"))
        self.assertEqual(len(self.server.requests), asked)

    def test_ctrl_c_keeps_what_came(self):
        self.fault("slow")
        process = self.start("fetch", "planet", "--mirror", self.server.url + "/m")
        part = self.cache / "planet" / (WEIGHTS + ".part")
        while not (part.exists() and part.stat().st_size > 20_000):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, out + err)
        self.assertIn("the same command goes on there", err)
        came = part.stat().st_size
        self.assertLess(came, 200_000)
        self.fetch()
        self.check_complete()
        self.assertEqual(self.asked()[-1], f"bytes={came}-")

    def test_a_full_disk(self):
        def full_at_64_kib():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

        text = self.fetch(expect=1, preexec_fn=full_at_64_kib, restore_signals=False)
        self.assertIn(".part: File too large\n      = 64.0 KiB are kept; the same command goes on there", text)
        self.fetch()
        self.check_complete()

    def test_a_folder_that_cannot_be_written(self):
        (self.folder / "file").write_text("")
        text = self.fetch("--to", "file/models", expect=1)
        self.assertIn("error: cannot make the folder file/models/planet: Not a directory\n", text)

    def test_proxies_of_the_environment(self):
        for path in list(self.server.files):
            self.server.files["http://models.invalid" + path] = self.server.files[path]
        self.call("fetch", "planet", "--mirror", "http://models.invalid/m",
                  environment={"http_proxy": self.server.url})
        self.check_complete()

    def test_files_that_no_list_names(self):
        for fetch, source in (("", "it does not say where they are published either"),
                              ('\n[fetch]\nbase = "https://models.invalid"\n',
                               "they are published at https://models.invalid")):
            with self.subTest(source):
                self.describe("planet", fetch)
                self.describe("shared", fetch)
                text = self.fetch(expect=1)
                self.assertIn("error: planet: [fetch] in model.toml does not list some files", text)
                self.assertIn(f"{source}; put them at:\n  {self.folder}/described/planet/forecaster/config.json\n",
                              text)
                self.assertFalse(self.cache.exists())
                self.assertEqual(self.server.requests, [])

    def test_files_of_which_some_are_not_listed(self):
        weights = self.shared.pop("diffusion_pytorch_model.safetensors")
        self.describe("shared", listed(self.shared))
        text = self.fetch(expect=1)
        self.assertIn(f"put them at:\n  {self.cache}/shared/diffusion_pytorch_model.safetensors\n", text)
        self.check_complete()
        (self.cache / "shared/diffusion_pytorch_model.safetensors").write_bytes(weights)
        self.assertIn("planet is complete", self.fetch())

    def state(self, path=WEIGHTS, **headers):
        """The server sends clients elsewhere for this file, and states what it is."""
        self.describe("planet", listed(self.planet, unpinned=[path]))
        self.server.moved.add("/m/planet/" + path)
        self.server.headers["/m/planet/" + path] = {name.replace("_", "-"): value for name, value in headers.items()}
        self.server.headers["/elsewhere/m/planet/" + path] = {"ETag": f'"{"e" * 64}"'}  # of a store, and no hash

    def test_a_hash_that_the_repository_states(self):
        right = sha256(self.planet[WEIGHTS])
        self.state(X_Linked_Etag=f'"{right}"', X_Linked_Size="200000", X_Repo_Commit="c" * 40)
        text = self.fetch()
        self.assertIn(f"fetched  {WEIGHTS} (195.3 KiB)\n           has the SHA-256 that {self.server.url[7:]} "
                      f'states; to pin it, write sha256 = "{right}" beside its path in '
                      f"{self.folder}/described/planet/model.toml\n", text)
        self.check_complete()
        self.assertEqual(text.count("to pin it"), 1)
        self.assertEqual(self.fetch().count("to pin it"), 0)

    def test_a_stated_hash_that_the_bytes_do_not_have(self):
        wrong = "0" * 64
        self.state(X_Linked_Etag=f'"{wrong}"')
        text = self.fetch(expect=1)
        self.assertIn(f"{WEIGHTS} has another SHA-256 than {self.server.url[7:]} states, and is removed\n"
                      f"      = expected {wrong}\n      = found    {sha256(self.planet[WEIGHTS])}\n", text)
        self.assertFalse((self.cache / "planet" / WEIGHTS).exists())
        self.assertEqual(self.parts(), [])

    def test_no_file_is_taken_without_a_hash(self):
        for headers, stated in (({}, "none"), ({"X_Linked_Etag": '"main"'}, "'main', which is none"),
                                ({"X_Linked_Etag": f'"{"g" * 64}"'}, f"'{'g' * 64}', which is none"),
                                ({"X_Repo_Commit": "c" * 40}, "none"),
                                ({"ETag": f'"{sha256(self.planet[WEIGHTS])}"'}, "none")):
            with self.subTest(headers):
                self.state(**headers)
                text = self.fetch(expect=1)
                self.assertIn(f"error: {self.server.url}/m/planet/{WEIGHTS}: no hash to check this file by: "
                              f"model.toml lists no sha256, and {self.server.url[7:]} states {stated}\n"
                              "      = write its sha256, as its publisher gives it, beside its path in [fetch] of "
                              f"{self.folder}/described/planet/model.toml\n", text)
                self.assertFalse((self.cache / "planet" / WEIGHTS).exists())
                self.assertEqual(self.parts(), [])

    def test_a_listed_hash_goes_before_a_stated_one(self):
        self.state(X_Linked_Etag=f'"{"0" * 64}"')
        self.describe("planet", listed(self.planet))
        self.assertNotIn("to pin it", self.fetch())
        self.check_complete()

    def test_a_stated_size_that_is_not_that_of_the_bytes(self):
        self.state(X_Linked_Etag=f'"{sha256(self.planet[WEIGHTS])}"', X_Linked_Size="200001")
        text = self.fetch(expect=1)
        self.assertIn(f"{self.server.url[7:]} states 200001 bytes, and 200000 are offered\n", text)
        self.assertEqual(self.parts(), [])

    def test_small_files_are_named_by_git(self):
        config = "forecaster/config.json"
        blob = git_blob(self.planet[config])
        for headers in ({"X_Linked_Etag": f'"{blob}"'}, {"X_Repo_Commit": "c" * 40, "ETag": f'W/"{blob}"'}):
            with self.subTest(headers):
                self.state(config, **headers)
                text = self.fetch("--to", f"models{len(headers)}")
                self.assertIn(f"has the git blob SHA-1 {blob} that {self.server.url[7:]} states; to pin it, write "
                              f'sha256 = "{sha256(self.planet[config])}"', text)
                self.check_complete(self.folder / f"models{len(headers)}")
        self.state(config, X_Linked_Etag=f'"{"0" * 40}"')
        self.assertIn("has another git blob SHA-1 than", self.fetch(expect=1))
        self.assertFalse((self.cache / "planet" / config).exists())

    def test_resuming_across_a_redirection(self):
        self.state(X_Linked_Etag=f'"{sha256(self.planet[WEIGHTS])}"', X_Linked_Size="200000")
        self.server.faults["/elsewhere/m/planet/" + WEIGHTS] = ["drop", "drop"]
        self.fetch()
        self.check_complete()
        self.assertEqual(self.asked(), ["", "bytes=100000-", "bytes=150000-"])
        self.assertEqual([wanted for asked, wanted in self.server.requests if asked.startswith("/elsewhere")],
                         ["", "bytes=100000-", "bytes=150000-"])

    def test_a_whole_part_of_an_unpinned_file(self):
        self.state(X_Linked_Etag=f'"{sha256(self.planet[WEIGHTS])}"')
        part = self.cache / "planet" / (WEIGHTS + ".part")
        part.parent.mkdir(parents=True)
        part.write_bytes(self.planet[WEIGHTS])
        self.fetch()
        self.check_complete()
        self.assertEqual(self.asked(), ["bytes=200000-"])

    def test_a_repository_that_changes_while_a_file_comes(self):
        old, new = some_bytes("old", 200_000), self.planet[WEIGHTS]
        path = "/m/planet/" + WEIGHTS
        self.state(X_Linked_Etag=f'"{sha256(old)}"')
        self.server.files[path] = old
        self.server.faults["/elsewhere" + path] = ["slow drop"]
        process = self.start("fetch", "planet", "--mirror", self.server.url + "/m")
        part = self.cache / "planet" / (WEIGHTS + ".part")
        while not (part.exists() and part.stat().st_size > 20_000):
            time.sleep(0.02)
        self.server.files[path] = new
        self.server.headers[path]["X-Linked-Etag"] = f'"{sha256(new)}"'
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, out + err)
        self.assertIn("does not fit; it is fetched anew", err)
        self.check_complete()

    def test_a_file_with_an_address_of_its_own(self):
        config, place = "forecaster/config.json", "/of/its/own/place.json"
        self.server.files[place] = self.planet[config]
        urls = {path: f"{self.server.url}/m/planet/{path}" for path in self.planet} | {config: self.server.url + place}
        self.describe("planet", listed(self.planet, urls=urls))
        self.describe("shared", listed(self.shared, base=self.server.url + "/m/shared/"))
        self.call("fetch", "planet")
        self.check_complete()
        asked = [path for path, _ in self.server.requests]
        self.assertIn(place, asked)
        self.assertNotIn("/m/planet/" + config, asked)
        # A mirror stands for all addresses.
        self.server.requests.clear()
        self.fetch("--to", "models")
        self.check_complete(self.folder / "models")
        asked = [path for path, _ in self.server.requests]
        self.assertNotIn(place, asked)
        self.assertIn("/m/planet/" + config, asked)

    def test_the_repository_tells_where_a_missing_file_may_be(self):
        address = "/owner/name/resolve/main/large/config.json"
        listing = "/api/models/owner/name/tree/main?recursive=true"
        self.describe("planet", listed(self.planet, urls={"forecaster/config.json": self.server.url + address}))
        self.describe("shared", listed(self.shared, base=self.server.url + "/m/shared"))
        self.server.files[listing] = (b'[{"type": "directory", "path": "small"},'
                                      b' {"type": "file", "path": "small/config.json", "size": 3},'
                                      b' {"type": "file", "path": "small/my-config.json", "size": 3},'
                                      b' {"type": "file", "path": "other/config.json", "size": 3}]')
        text = self.call("fetch", "planet", expect=1)
        self.assertIn(f"error: {self.server.url}{address}: HTTP 404\n", text)
        self.assertIn("      = the repository has small/config.json, other/config.json; the url in [fetch] of "
                      f"{self.folder}/described/planet/model.toml may name one\n", text)
        self.server.files[listing] = b"<html>"
        self.assertNotIn("the repository has", self.call("fetch", "planet", expect=1))

    def test_the_published_models(self):
        lists = {"LADCAST_MODELS": str(SOURCE / "pipelines/models")}
        for name in ("ladcast-375m", "ladcast-1.6b", "ladcast-dcae"):
            with self.subTest(name):
                self.assertIn(f"files are missing; 'ladcast-flow fetch {name}'",
                              self.call("models", environment=lists))
                text = self.call("fetch", name, "--mirror", self.server.url, environment=lists, expect=1)
                self.assertIn(": HTTP 404\n", text)  # so that its list can be read
        text = self.call("fetch", "ladcast-375m", "--offline", environment=lists, expect=1)
        self.assertEqual(text.count("  missing  "), 8, text)

    def test_a_list_that_cannot_be_right(self):
        self.describe("planet", listed({"../shared/x": b""}))
        self.assertIn("names '../shared/x', which is not in the model's folder", self.fetch(expect=2))
        self.describe("planet", listed(self.planet, base="http://models.invalid"))
        self.assertIn("not an address that begins with https://", self.call("fetch", "planet", expect=2))
        for address in ("http://models.invalid/x", "http://127.0.0.1:80@models.invalid/x", "forecaster/x"):
            self.describe("planet", listed(self.planet, urls={WEIGHTS: address}))
            self.assertIn(f"the url of '{WEIGHTS}' is '{address}', not an address that begins with https://",
                          self.call("fetch", "planet", expect=2))
        self.describe("planet", listed(self.planet).replace(sha256(self.planet[WEIGHTS]), "0" * 40))
        self.assertIn("not 64 hexadecimal digits", self.call("fetch", "planet", "--offline", expect=2))
        self.assertIn("there is no model 'none'", self.call("fetch", "none", expect=2))
        self.assertEqual(self.server.requests, [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
