"""Calls AWS with the library of the AWS CLI, a call for each line of stdin, so that the CLI need not start for each.

It says that it is ready. A line is {id, service, operation, input, region, endpoint, credentials}; the answer {id, and one of output and metadata,
error, failed}. It ends with its stdin.
"""

import base64
import datetime
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError, PartialCredentialsError

session = botocore.session.get_session()
clients = {}
making = threading.Lock()
writing = threading.Lock()
config = Config(
    retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=300, max_pool_connections=64, user_agent_extra="formwork"
)


def client_of(call):
    credentials = call.get("credentials") or {}
    key = (call["service"], call["region"], call.get("endpoint"), credentials.get("key"))
    with making:
        if key not in clients:
            clients[key] = session.create_client(
                call["service"],
                region_name=call["region"],
                endpoint_url=call.get("endpoint"),
                aws_access_key_id=credentials.get("key"),
                aws_secret_access_key=credentials.get("secret"),
                aws_session_token=credentials.get("token"),
                config=config,
            )
        return clients[key]


def given(value, shape):
    """The value as the library takes it: bytes are bytes."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        return {name: given(item, shape.members[name]) if name in shape.members else item for name, item in value.items()}
    if kind == "list" and isinstance(value, list):
        return [given(item, shape.member) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {name: given(item, shape.value) for name, item in value.items()}
    if kind == "blob" and isinstance(value, str):
        return value.encode()
    return value


def taken(value):
    """The value as JSON has it."""
    if isinstance(value, dict):
        return {name: taken(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [taken(item) for item in value]
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value


def answer(call):
    if call["service"] == "":
        credentials = session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        key, secret, token = credentials.get_frozen_credentials()
        return {"output": {"key": key, "secret": secret, "token": token}, "metadata": {}}
    client = client_of(call)
    names = {name.lower(): method for method, name in client.meta.method_to_api_mapping.items()}
    method = names.get(call["operation"].lower())
    if method is None:
        return {"failed": f"the AWS CLI does not know the operation {call['operation']} of {call['service']}; expected a newer one"}
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    arguments = call["input"]
    if operation.input_shape is not None:
        arguments = given(arguments, operation.input_shape)
    try:
        output = getattr(client, method)(**arguments)
        metadata = output.pop("ResponseMetadata", {})
        return {"output": taken(output), "metadata": metadata}
    except ClientError as error:
        details = error.response.get("Error", {})
        metadata = error.response.get("ResponseMetadata", {})
        return {
            "error": {
                "code": str(details.get("Code", "Unknown")),
                "message": str(details.get("Message", error)),
                "exception": type(error).__name__,
                "status": metadata.get("HTTPStatusCode"),
                "request": metadata.get("RequestId"),
                "extended": metadata.get("HostId"),
            }
        }


def run(line):
    call = json.loads(line)
    try:
        result = answer(call)
    except (NoCredentialsError, PartialCredentialsError):
        result = {"failed": "credentials"}
    except ParamValidationError as error:
        result = {"error": {"code": "ValidationException", "message": str(error), "client": True}}
    except BotoCoreError as error:
        result = {"error": {"code": "SdkClientException", "message": f"Unable to execute HTTP request: {error}", "client": True}}
    except Exception as error:
        result = {"failed": f"{type(error).__name__}: {error}"}
    text = json.dumps({"id": call["id"], **result}, default=str)
    with writing:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


print('{"ready": true}', flush=True)
with ThreadPoolExecutor(max_workers=32) as pool:
    for line in sys.stdin:
        pool.submit(run, line)
