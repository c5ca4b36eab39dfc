"""Makes groups one after the other over one connection: sequential.py GROUPS.json HOST:PORT

GROUPS.json is a list of [place of the group above it in this list or null, name].
"""

import http.client
import json
import sys

TOKEN = {"appKey": "sandbox", "appSecret": "sandbox"}


def main(file, host):
    connection = http.client.HTTPConnection(host)

    def post(path, body, headers):
        headers = {"content-type": "application/json", **headers}
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"{answer.status} {text.decode()}")
        return json.loads(text)

    token = post("/v1.0/oauth2/accessToken", TOKEN, {})["accessToken"]
    ids = []
    with open(file, encoding="utf-8") as groups:
        for above, name in json.load(groups):
            parent = 0 if above is None else ids[above]
            body = {"unionId": "sandbox", "groupName": name, "parentGroupId": parent}
            made = post("/v1.0/rooms/groups", body, {"x-acs-dingtalk-access-token": token})
            ids.append(made["result"])


main(*sys.argv[1:])
