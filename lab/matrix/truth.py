"""Ask every worker of a site which code it holds, and compare it with the tree on disk.

truth.py PORT WORKERS [TREE MODULE]

The site is asked at its ledger, as many times at once as it has workers, so that no two
of the answers come from one. The tree is imported anew, in this process, with no
bytecode but what is compiled now.
"""
import http.client
import json
import sys
import threading
import time

port, workers = int(sys.argv[1]), int(sys.argv[2])
answers = {}


def ask():
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/inner/ledger?hold=0.05", headers={"Connection": "close"})
        answer = json.load(connection.getresponse())
        answers[answer["pid"]] = answer["holds"]
    except (OSError, ValueError, http.client.HTTPException):
        time.sleep(0.05)


deadline = time.monotonic() + 20
while len(answers) < workers and time.monotonic() < deadline:
    askers = [threading.Thread(target=ask) for _ in range(workers)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()

told = {"answers": answers}
if len(sys.argv) > 3:
    sys.path[0] = sys.argv[3]
    sys.dont_write_bytecode = True
    sys.pycache_prefix = "/nonexistent"
    module = __import__(sys.argv[4])
    told["disk"] = module.app.test_client().get("/inner/ledger").json["holds"]
print(json.dumps(told))
