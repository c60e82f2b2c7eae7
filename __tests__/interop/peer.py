"""A gRPC peer on the C core, driven from Node.js: one JSON object a line, in and out.

    peer.py serve none|gzip|deflate          answers as it is told
    peer.py call none|gzip|deflate port      makes the calls that it is told

Messages are bytes, so that no generated code is needed. It ends when its input does.
"""

import base64
import json
import queue
import sys
import threading
from concurrent import futures

import grpc

COMPRESSION = {
    "none": grpc.Compression.NoCompression,
    "gzip": grpc.Compression.Gzip,
    "deflate": grpc.Compression.Deflate,
}
CODES = {code.value[0]: code for code in grpc.StatusCode}
OVER = object()

output = threading.Lock()


def emit(**line):
    with output:
        print(json.dumps(line), flush=True)


def to_text(data):
    return base64.b64encode(data).decode()


def to_metadata(headers):
    return [
        (key, base64.b64decode(value) if key.endswith("-bin") else value)
        for key, value in headers.items()
    ]


def from_metadata(metadata):
    return {
        key: to_text(value) if isinstance(value, bytes) else value
        for key, value in metadata or ()
    }


class Calls:
    """The calls by their numbers, and what each is still to be told."""

    def __init__(self):
        self._lines = {}
        self._lock = threading.Lock()
        self._last = 0

    def open(self, number=None):
        with self._lock:
            self._last += 1
            number = self._last if number is None else number
            self._lines[number] = queue.Queue()
            return number, self._lines[number]

    def tell(self, line):
        with self._lock:
            lines = self._lines.get(line["id"])
        if lines is not None:
            lines.put(line)

    def close(self, number):
        with self._lock:
            self._lines.pop(number, None)


calls = Calls()


def answers(method, requests, context):
    """The answers of one call, as Node.js has them; it is told all that comes."""
    number, lines = calls.open()
    if not context.add_callback(lambda: (emit(id=number, over=True), lines.put(OVER))):
        return
    emit(
        id=number,
        method=method,
        headers=from_metadata(context.invocation_metadata()),
        timeLeft=context.time_remaining(),
    )

    def forward():
        try:
            for request in requests:
                emit(id=number, ask=to_text(request))
            emit(id=number, halfClose=True)
        except grpc.RpcError:
            pass  # the call is over, which its callback tells
        except Exception as error:  # grpcio has no name for the end of a cancelled stream
            if context.is_active():
                emit(id=number, broken=repr(error))

    threading.Thread(target=forward, daemon=True).start()
    try:
        for line in iter(lines.get, OVER):
            if "headers" in line:
                context.send_initial_metadata(to_metadata(line["headers"]))
            elif "trailers" in line:
                context.set_trailing_metadata(to_metadata(line["trailers"]))
            elif "answer" in line:
                yield base64.b64decode(line["answer"])
            elif line["code"] != 0:
                context.abort(CODES[line["code"]], line["details"])
            else:
                return
    finally:
        calls.close(number)


def handler(method, request_streaming, response_streaming):
    def stream(request, context):
        return answers(method, request if request_streaming else [request], context)

    def single(request, context):
        all_answers = list(stream(request, context))
        # A call that was cancelled has none.
        return all_answers[0] if all_answers else b""

    kinds = {
        (False, False): (grpc.unary_unary_rpc_method_handler, single),
        (False, True): (grpc.unary_stream_rpc_method_handler, stream),
        (True, False): (grpc.stream_unary_rpc_method_handler, single),
        (True, True): (grpc.stream_stream_rpc_method_handler, stream),
    }
    make, behaviour = kinds[request_streaming, response_streaming]
    return make(behaviour)


def serve(compression):
    handlers = {
        "Unary": handler("unary", False, False),
        "ServerStream": handler("serverStream", False, True),
        "ClientStream": handler("clientStream", True, False),
        "BidiStream": handler("bidiStream", True, True),
    }
    pool = futures.ThreadPoolExecutor(max_workers=100)
    server = grpc.server(pool, compression=compression)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("interop.Interop", handlers),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    emit(port=port)
    for line in sys.stdin:
        calls.tell(json.loads(line))
    server.stop(0).wait()


def start(channel, line, asks):
    path = line["path"]
    metadata = to_metadata(line["metadata"])
    if line.get("compression", "none") != "none":
        # What the argument `compression` comes to; stream_unary's future() loses it.
        metadata.append(("grpc-internal-encoding-request", line["compression"]))
    options = {"metadata": metadata, "timeout": line.get("timeout")}
    kind = line["kind"]
    if kind == "unary":
        return channel.unary_unary(path).future(next(asks), **options)
    if kind == "serverStream":
        return channel.unary_stream(path)(next(asks), **options)
    if kind == "clientStream":
        return channel.stream_unary(path).future(asks, **options)
    return channel.stream_stream(path)(asks, **options)


def make_call(channel, line, lines):
    number = line["id"]
    asks = queue.Queue()
    begun = futures.Future()

    def forward():
        for told in iter(lines.get, OVER):
            if "ask" in told:
                asks.put(base64.b64decode(told["ask"]))
            elif "done" in told:
                asks.put(OVER)
            else:
                begun.result().cancel()

    threading.Thread(target=forward, daemon=True).start()
    call = start(channel, line, iter(asks.get, OVER))
    begun.set_result(call)
    try:
        emit(id=number, headers=from_metadata(call.initial_metadata()))
        if line["kind"] in ("unary", "clientStream"):
            emit(id=number, answer=to_text(call.result()))
        else:
            for answer in call:
                emit(id=number, answer=to_text(answer))
    except (grpc.RpcError, grpc.FutureCancelledError):
        pass  # its code and details say it
    emit(
        id=number,
        code=call.code().value[0],
        details=call.details() or "",
        trailers=from_metadata(call.trailing_metadata()),
    )
    calls.close(number)
    lines.put(OVER)
    asks.put(OVER)


def call(compression, port):
    channel = grpc.insecure_channel("127.0.0.1:" + port, compression=compression)
    emit(port=int(port))
    for text in sys.stdin:
        line = json.loads(text)
        if "path" in line:
            _, lines = calls.open(line["id"])
            threading.Thread(
                target=make_call, args=(channel, line, lines), daemon=True
            ).start()
        else:
            calls.tell(line)
    channel.close()


if sys.argv[1] == "serve":
    serve(COMPRESSION[sys.argv[2]])
else:
    call(COMPRESSION[sys.argv[2]], sys.argv[3])
