"""Invoke a handler in a process of its own and say what it took: `invoke.py HANDLER EVENT` prints a JSON object."""

import importlib.util
import json
import sys
import time
from pathlib import Path


def peak_memory() -> int:
    """The process's own high-water mark in MiB; getrusage would count the parent before exec as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


path, event = Path(sys.argv[1]), json.loads(sys.argv[2])
spec = importlib.util.spec_from_file_location("index", path)
assert spec
assert spec.loader
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
ready = peak_memory()
start = time.monotonic()
result = module.handler(event, None)
seconds = round(time.monotonic() - start, 1)
peak = peak_memory()
print(json.dumps({"result": result, "seconds": seconds, "peak": peak, "ready": ready}))
