"""A web server for files that can fail on purpose."""

import http.server
import threading
import time


class FileServer:
    """Serves `files` (path -> bytes) on a free port of 127.0.0.1.

    faults[path] is a list: what each request for that path meets, in turn; "" and all after its end are
    served well. What there is:
      drop      half of the bytes, then the connection ends
      stall     half of the bytes, then nothing
      slow      a little every 50 ms
      slow drop the same, and half of the bytes
      truncate  half of the file, as if that were all
      corrupt   one byte is another
      whole     all of the file, also where a range is asked for
      moved     a redirection to /elsewhere + path
      404, ...  this status; "503 1" asks to come again after 1 s

    headers[path] are added to each answer for that path, and `moved` holds the paths that always
    redirect, as those of a repository that keeps large files elsewhere.
    """

    def __init__(self, files):
        self.files = files
        self.faults = {}
        self.headers = {}
        self.moved = set()
        self.requests = []  # (path, Range or "")
        self.stopping = threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.answer(self)

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # clients that are stopped

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def close(self):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        path = request.path
        wanted = request.headers.get("Range", "")
        self.requests.append((path, wanted))
        faults = self.faults.get(path, [])
        fault = faults.pop(0) if faults else ""
        content = self.files.get(path.removeprefix("/elsewhere"))
        if content is None:
            fault = "404"
        if fault[:3].isdigit():
            status, _, seconds = fault.partition(" ")
            self.refuse(request, int(status), {"Retry-After": seconds} if seconds else {})
        elif fault == "moved" or path in self.moved:
            self.refuse(request, 302, {"Location": self.url + "/elsewhere" + path})
        else:
            self.send(request, content, wanted, fault)

    def refuse(self, request, status, headers):
        text = b"<html>no file</html>"
        request.send_response(status)
        for key, value in (headers | self.headers.get(request.path, {})).items():
            request.send_header(key, value)
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def send(self, request, content, wanted, fault):
        if fault == "truncate":
            content = content[: len(content) // 2]
        if fault == "corrupt":
            content = content[:-1] + bytes([content[-1] ^ 1])
        first = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and fault != "whole" else 0
        if first >= len(content) and first > 0:
            return self.refuse(request, 416, {"Content-Range": f"bytes */{len(content)}"})
        body = content[first:]
        request.send_response(206 if first else 200)
        if first:
            request.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        for key, value in self.headers.get(request.path, {}).items():
            request.send_header(key, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        try:
            self.send_body(request, body, fault)
        except OSError:  # the client has gone
            request.close_connection = True

    def send_body(self, request, body, fault):
        half = body[: len(body) // 2]
        if fault in ("drop", "stall"):
            request.wfile.write(half)
            request.wfile.flush()
            if fault == "stall":
                self.stopping.wait(30)
            request.close_connection = True
        elif fault.startswith("slow"):
            sent = half if fault == "slow drop" else body
            for begin in range(0, len(sent), 4096):
                request.wfile.write(sent[begin : begin + 4096])
                time.sleep(0.05)
            request.close_connection = fault == "slow drop"
        else:
            request.wfile.write(body)
