"""grpc.testing.TestService on the C core of gRPC. Prints its port as JSON; ends when its input does.

Messages are taken apart and put together by hand, so that no generated code is needed.
"""

import json
import sys
import time
from concurrent import futures

import grpc

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
CODES = {code.value[0]: code for code in grpc.StatusCode}


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a message: numbers as they are, all else as bytes."""
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        value, at = read_varint(data, at)
        if tag & 7 == 2:
            value, at = data[at : at + value], at + value
        elif tag & 7 != 0:
            raise ValueError("no message of the service has such a field")
        yield tag >> 3, value


def varint(value):
    result = b""
    while value >= 0x80:
        result += bytes([value & 0x7F | 0x80])
        value >>= 7
    return result + bytes([value])


def nested(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def reply(size):
    """A message whose first field is a payload of this size."""
    return nested(1, nested(2, bytes(size)) if size > 0 else b"")


def is_true(bool_value):
    return dict(fields(bool_value)).get(1, 0) == 1


def echo(context):
    metadata = dict(context.invocation_metadata())
    if ECHO_TRAILING in metadata:
        context.set_trailing_metadata([(ECHO_TRAILING, metadata[ECHO_TRAILING])])
    if ECHO_INITIAL in metadata:
        context.send_initial_metadata([(ECHO_INITIAL, metadata[ECHO_INITIAL])])


def end_as_told(request, context):
    status = dict(fields(dict(fields(request)).get(7, b"")))
    if status.get(1, 0) != 0:
        context.abort(CODES[status[1]], status.get(2, b"").decode())


def empty_call(request, context):
    return b""


def unary_call(request, context):
    told = dict(fields(request))
    if is_true(told.get(6, b"")):
        context.set_compression(grpc.Compression.Gzip)
    echo(context)
    end_as_told(request, context)
    return reply(told.get(2, 0))


def parameters(request):
    return [dict(fields(value)) for number, value in fields(request) if number == 2]


def replies(request, context, compressed):
    for parameter in parameters(request):
        time.sleep(parameter.get(2, 0) / 1e6)
        if compressed and not is_true(parameter.get(3, b"")):
            context.disable_next_message_compression()
        yield reply(parameter.get(1, 0))


def streaming_output_call(request, context):
    compressed = any(is_true(each.get(3, b"")) for each in parameters(request))
    if compressed:
        context.set_compression(grpc.Compression.Gzip)
    yield from replies(request, context, compressed)


def streaming_input_call(requests, context):
    total = 0
    for request in requests:
        payload = dict(fields(dict(fields(request)).get(1, b"")))
        total += len(payload.get(2, b""))
    return varint(1 << 3) + varint(total)


def full_duplex_call(requests, context):
    echo(context)
    for request in requests:
        end_as_told(request, context)
        yield from replies(request, context, False)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=20))
server.add_generic_rpc_handlers(
    (
        grpc.method_handlers_generic_handler(
            "grpc.testing.TestService",
            {
                "EmptyCall": grpc.unary_unary_rpc_method_handler(empty_call),
                "UnaryCall": grpc.unary_unary_rpc_method_handler(unary_call),
                "StreamingInputCall": grpc.stream_unary_rpc_method_handler(streaming_input_call),
                "StreamingOutputCall": grpc.unary_stream_rpc_method_handler(streaming_output_call),
                "FullDuplexCall": grpc.stream_stream_rpc_method_handler(full_duplex_call),
            },
        ),
    )
)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(json.dumps({"port": port}), flush=True)
sys.stdin.read()
server.stop(0).wait()
