"""Drives a list of calls with the service's official Python client, unmodified, and prints each answer as a line.

Usage: python drive.py URL KEY SECRET < calls.jsonl
"""

import json
import sys
from urllib.parse import urlsplit

from alibabacloud_iot_api_gateway.client import Client
from alibabacloud_iot_api_gateway.models import CommonParams, Config, IoTApiRequest
from alibabacloud_tea_util.models import RuntimeOptions

url, key, secret = sys.argv[1:]
client = Client(Config(domain=urlsplit(url).netloc, app_key=key, app_secret=secret))
once = RuntimeOptions(autoretry=False, read_timeout=5000, connect_timeout=5000)

for line in sys.stdin:
    call = json.loads(line)
    # The client numbers the request itself, and adds no version of the protocol when the caller leaves it out.
    request = IoTApiRequest(
        version="1.0", request=CommonParams(api_ver=call["apiVer"]), params=call["params"]
    )
    answer = client.do_request(call["path"], "http", "POST", None, request, once)
    if answer.status_code == 200:
        said = json.loads(answer.body)
        assert said.pop("id") == request.id, "the id comes back"
    else:
        said = {"status": answer.status_code, "message": answer.headers.get("x-ca-error-message")}
    print(json.dumps(said), flush=True)
