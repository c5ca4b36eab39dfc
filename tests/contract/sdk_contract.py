#!/usr/bin/env python3
"""Drives a sandbox with DingTalk's official Python SDK: is it the DingTalk that the SDK knows?

Every room-group operation and both token calls are made and their answers parsed into the SDK's models; every documented error
is raised and its code compared. What the SDK sends is compared with the golden files that the Rust client's tests use, too.

    pip install -r requirements.txt
    roomtree sandbox --listen 127.0.0.1:8080 &
    sdk_contract.py --url http://127.0.0.1:8080            compares with ../golden/wire/*.json
    sdk_contract.py --url http://127.0.0.1:8080 --write    writes them anew

The sandbox must be a fresh one with its default settings. Exit code 1 says that something differs.
"""

import argparse
import json
import pathlib
import sys
import time
import urllib.request

from alibabacloud_dingtalk.oauth2_1_0 import client as oauth2_client
from alibabacloud_dingtalk.oauth2_1_0 import models as oauth2
from alibabacloud_dingtalk.rooms_1_0 import client as rooms_client
from alibabacloud_dingtalk.rooms_1_0 import models as rooms
from alibabacloud_tea_openapi import models as open_api
from alibabacloud_tea_util import models as util

OPERATOR = "a+b/c=中"  # every character that an encoder could get wrong
NAME = '北京 "A/座" \\ 👩‍👩‍👧'
BEYOND_FLOATS = 2**53 + 1
PAUSE = 0.06  # seconds between calls: under DingTalk's 20 calls per second


class Control:
    """The sandbox's own API, beside DingTalk's."""

    def __init__(self, url):
        self.url = url

    def send(self, method, path, body=None, kind="application/json"):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={"content-type": kind})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            text = response.read()
        return json.loads(text) if text else None

    def rules(self, **rules):
        self.send("PUT", "/sandbox/rules", rules)

    def fault(self, text):
        self.send("DELETE", "/sandbox/faults")
        if text:
            self.send("POST", "/sandbox/faults", text, "text/plain")

    def last_request(self):
        return self.send("GET", "/sandbox/requests")[-1]


class Sdk:
    """The operations as the SDK has them; each returns the SDK's own model of the answer."""

    def __init__(self, url):
        config = open_api.Config(protocol="http", region_id="central", endpoint=url.removeprefix("http://"))
        config.no_proxy = config.endpoint
        self.oauth2 = oauth2_client.Client(config)
        self.rooms = rooms_client.Client(config)
        self.token = "none"

    def app_token(self, secret="sandbox"):
        return self.call(self.oauth2.get_access_token, oauth2.GetAccessTokenRequest(app_key="sandbox", app_secret=secret))

    def organization_token(self, secret="sandbox", grant="client_credentials", organization="dingsandbox"):
        request = oauth2.GetTokenRequest(client_id="sandbox", client_secret=secret, grant_type=grant)
        return self.call(self.oauth2.get_token, organization, request)

    def create(self, parent=0, name=NAME, operator=OPERATOR):
        request = rooms.CreateMeetingRoomGroupRequest(group_name=name, parent_group_id=parent, union_id=operator)
        return self.room("create_meeting_room_group", rooms.CreateMeetingRoomGroupHeaders, request)

    def rename(self, group=BEYOND_FLOATS, name=NAME, operator=OPERATOR):
        request = rooms.UpdateMeetingRoomGroupRequest(group_id=group, group_name=name, union_id=operator)
        return self.room("update_meeting_room_group", rooms.UpdateMeetingRoomGroupHeaders, request)

    def delete(self, group=BEYOND_FLOATS, operator=OPERATOR):
        request = rooms.DeleteMeetingRoomGroupRequest(union_id=operator)
        return self.room("delete_meeting_room_group", rooms.DeleteMeetingRoomGroupHeaders, str(group), request)

    def list(self, operator=OPERATOR):
        request = rooms.QueryMeetingRoomGroupListRequest(union_id=operator)
        return self.room("query_meeting_room_group_list", rooms.QueryMeetingRoomGroupListHeaders, request)

    def read(self, group=BEYOND_FLOATS, operator=OPERATOR):
        request = rooms.QueryMeetingRoomGroupRequest(union_id=operator)
        return self.room("query_meeting_room_group", rooms.QueryMeetingRoomGroupHeaders, str(group), request)

    def administrators(self, group=BEYOND_FLOATS, operator=OPERATOR):
        request = rooms.QueryMeetingRoomGroupAdminRequest(union_id=operator)
        return self.room("query_meeting_room_group_admin", rooms.QueryMeetingRoomGroupAdminHeaders, str(group), request)

    def room(self, operation, headers, *arguments):
        with_options = getattr(self.rooms, operation + "_with_options")
        with_token = headers(x_acs_dingtalk_access_token=self.token)
        return self.call(with_options, *arguments, with_token, util.RuntimeOptions())

    @staticmethod
    def call(operation, *arguments):
        time.sleep(PAUSE)
        return operation(*arguments).body


class Contract:
    """Compares, prints what differs, and remembers whether anything did."""

    def __init__(self, url, golden, write):
        self.control, self.sdk = Control(url), Sdk(url)
        self.golden, self.write = golden, write
        self.compared = self.failures = 0

    def same(self, what, seen, expected):
        self.compared += 1
        if seen != expected:
            self.failures += 1
            print(f"FAILED {what}: {seen!r}, expected {expected!r}", file=sys.stderr)

    def refused(self, what, code, status, operation, *arguments, **named):
        """The operation raises this error, with its status and a request id."""
        try:
            operation(*arguments, **named)
        except Exception as error:
            data = getattr(error, "data", None) or {}
            self.same(what, (getattr(error, "code", None), data.get("statusCode")), (code, status))
            self.same(f"{what}: request id", bool(data.get("requestid")), True)
        else:
            self.same(what, "no error", code)

    def under(self, fault, code, status, operation):
        """Under this fault the operation raises this error."""
        self.control.fault(f"*:{fault}")
        self.refused(f"{operation.__name__} under {fault}", code, status, operation)
        self.control.fault(None)

    # What is answered.

    def tokens(self):
        app = self.sdk.app_token()
        organization = self.sdk.organization_token()
        self.same("life of a token", (app.expire_in, organization.expires_in), (7200, 7200))
        self.same("token of the organization", organization.access_token, app.access_token)
        self.same("token asked for again", self.sdk.app_token().access_token, app.access_token)
        self.sdk.token = app.access_token

    def groups(self):
        top = self.sdk.create().result
        duplicate = self.sdk.create().result
        child = self.sdk.create(top, "child").result
        self.same("ids", (type(top), len({top, duplicate, child})), (int, 3))
        self.same("rename", self.sdk.rename(duplicate, "renamed").result, True)
        read = self.sdk.read(child)
        self.same("read", (read.group_id, read.group_name, read.parent_id), (child, "child", top))
        self.control.send("PUT", f"/sandbox/groups/{child}/administrators", [{"memberId": "m1", "memberName": "张三"}])
        result = self.sdk.administrators(child).result
        self.same("administrators of", (result.group_id, result.group_name), (child, "child"))
        members = [(member.member_id, member.member_name) for member in result.group_admins]
        self.same("administrators", members, [("m1", "张三")])
        self.same("no administrators", self.sdk.administrators(top).result.group_admins, [])
        listed = [(group.group_id, group.group_name, group.parent_id) for group in self.sdk.list().result]
        self.same("list", listed, [(top, NAME, 0), (duplicate, "renamed", 0), (child, "child", top)])
        self.refused("delete of a group that is not empty", "param.error", 400, self.sdk.delete, top)
        for group in (child, duplicate, top):
            self.same("delete", self.sdk.delete(group).result, True)
        self.same("list of nothing", self.sdk.list().result, [])

    # What is refused.

    def token_errors(self):
        sdk = self.sdk
        self.refused("app token", "invalidClientIdOrSecret", 400, sdk.app_token, secret="wrong")
        self.refused("token", "invalid.client", 400, sdk.organization_token, secret="wrong")
        self.refused("token of another", "invalid.client", 400, sdk.organization_token, organization="other")
        self.refused("grant", "unsupported.grant.type", 400, sdk.organization_token, grant="password")

    def group_errors(self):
        sdk, operations = self.sdk, self.operations()
        for operation in operations:
            self.refused(f"{operation.__name__} without operator", "param.error", 400, operation, operator=None)
        self.refused("create without name", "param.error", 400, sdk.create, name=None)
        self.refused("create under text", "param.error", 400, sdk.create, "0")
        self.refused("rename of text", "param.error", 400, sdk.rename, "1")
        for operation in (sdk.rename, sdk.delete, sdk.read, sdk.administrators):
            self.refused(f"{operation.__name__} of nothing", "group.not.found", 400, operation)
        self.refused("create under nothing", "group.not.found", 400, sdk.create, BEYOND_FLOATS)
        self.depth()
        self.operators()

    def depth(self):
        groups = [0]
        for _ in range(3):
            groups.append(self.sdk.create(groups[-1], "level").result)
        self.refused("create too deep", "depth.over.limit", 400, self.sdk.create, groups[-1])
        for group in reversed(groups[1:]):
            self.sdk.delete(group)

    def operators(self):
        self.control.rules(admins=["another"], employees=["another"])
        for operation in self.changes():
            self.refused(f"{operation.__name__} by a stranger", "user.not.admin", 400, operation)
        for operation in self.queries():
            self.refused(f"{operation.__name__} by a stranger", "user.not.employee", 400, operation)
        self.control.rules(admins=None, employees=None)

    def errors_on_demand(self):
        self.under("error(400,group.too.much)", "group.too.much", 400, self.sdk.create)
        for operation in self.operations():
            self.under("error(400,org.not.found)", "org.not.found", 400, operation)
            self.under("error(500,system.error)", "system.error", 500, operation)
        for operation in self.queries():
            self.under("error(500,group.query.error)", "group.query.error", 500, operation)

    def gateway_errors(self):
        codes = {
            "qps": "QpsLimitForAppkeyAndApi",
            "qps-all": "QpsLimitForApi",
            "qpm": "QpmLimitForAppkeyAndApi",
            "quota": "ApiCountLimitForOrg",
            "permission": "AccessTokenPermissionDenied",
            "ip": "IpNotInWhiteList",
        }
        for operation in self.operations():
            for fault, code in codes.items():
                self.under(fault, f"Forbidden.AccessDenied.{code}", 403, operation)

    def authentication(self):
        self.control.send("POST", "/sandbox/tokens/revoke")
        for operation in self.operations():
            self.refused(f"{operation.__name__} without token", "InvalidAuthentication", 400, operation)

    def changes(self):
        return self.sdk.create, self.sdk.rename, self.sdk.delete

    def queries(self):
        return self.sdk.list, self.sdk.read, self.sdk.administrators

    def operations(self):
        return (*self.changes(), *self.queries())

    # What is sent.

    def wire(self):
        sdk = self.sdk
        self.sent("token-app", sdk.app_token)
        self.sent("token-organization", sdk.organization_token)
        self.sent("create", sdk.create)
        self.sent("create-under-parent", sdk.create, BEYOND_FLOATS)
        self.sent("rename", sdk.rename)
        self.sent("delete", sdk.delete)
        self.sent("list", sdk.list)
        self.sent("read", sdk.read)
        self.sent("administrators", sdk.administrators)

    def sent(self, name, operation, *arguments):
        try:
            operation(*arguments)
        except Exception:
            pass  # the request is what counts: its group need not exist
        seen = self.control.last_request()
        self.same(f"{name} carries a token", seen["token"], not name.startswith("token"))
        golden = {key: seen[key] for key in ("method", "path", "query", "body")}
        golden["headers"] = {key: seen["headers"][key] for key in ("content-type", "accept") if key in seen["headers"]}
        self.compare(self.golden / f"{name}.json", golden)

    def compare(self, path, golden):
        if self.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(golden, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        self.same(path.name, golden, json.loads(path.read_text(encoding="utf-8")))

    def run(self):
        self.tokens()
        self.groups()
        self.token_errors()
        self.group_errors()
        self.errors_on_demand()
        self.gateway_errors()
        self.wire()
        self.authentication()
        print(f"{self.compared} compared, {self.failures} failed")
        return 1 if self.failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    golden = pathlib.Path(__file__).resolve().parent.parent / "golden" / "wire"
    parser.add_argument("--url", required=True, help="where the sandbox serves, such as http://127.0.0.1:8080")
    parser.add_argument("--golden", type=pathlib.Path, default=golden, help="the folder of the golden files")
    parser.add_argument("--write", action="store_true", help="write the golden files instead of comparing with them")
    arguments = parser.parse_args()
    return Contract(arguments.url.rstrip("/"), arguments.golden, arguments.write).run()


if __name__ == "__main__":
    sys.exit(main())
