#!/usr/bin/env bash
# Is DingTalk what the branch says? Asks with one call and changes nothing. If not, an issue says what differs, and the job fails.
set -euo pipefail
source "${BASH_SOURCE[0]%/*}/settings.sh"
source "${BASH_SOURCE[0]%/*}/forge.sh"

TITLE="$(say "DingTalk is not what $MANIFEST says" "钉钉与 $MANIFEST 不一致")"
readonly TITLE

plan() {
    roomtree --lang "$SPEAK" plan "$MANIFEST" "${SCOPE[@]}" --format markdown "$@"
}

fingerprint() { # FILE
    jq --raw-output .fingerprint "$1"
}

# The plan without DingTalk is the same? Then nobody changed DingTalk, and something that was merged is not applied yet.
is_pending() {
    plan --offline --out plan/offline.json >/dev/null 2>&1 || return 1
    [[ "$(fingerprint plan/online.json)" == "$(fingerprint plan/offline.json)" ]]
}

# What differs, and what to do about it.
told() {
    local print
    if [[ $code -eq 4 ]]; then
        say "Something stands against every plan, and has to be settled first:" "以下问题使任何计划都无法执行，需要先处理："
    elif is_pending; then
        say "What was merged is not applied yet:" "已合并的内容尚未执行："
    else
        say "Somebody changed DingTalk, or a run was not recorded. An apply would do this:" \
            "有人改动了钉钉，或某次执行没有被记录。执行 apply 将会："
    fi
    if [[ $code -eq 2 ]]; then
        print="$(fingerprint plan/online.json)"
        say "If DingTalk is right, change the manifest by a pull request. If the manifest is right, start the apply by hand with this fingerprint: \`$print\`" \
            "如果钉钉是对的，请通过合并请求修改清单；如果清单是对的，请手动启动 apply，并填写指纹：\`$print\`"
    fi
    echo
    shown plan/plan.md plan/said.txt
}

mkdir -p plan
rm -f plan/*
code=0
plan --detailed-exitcode --out plan/online.json >plan/plan.md 2>plan/said.txt || code=$?
cat plan/plan.md plan/said.txt >&2

case $code in
    0)
        ! has_token || settle_issue
        exit 0
        ;;
    2 | 4) ;;
    *) fail "$code" "**The check could not be made** (exit code $code)." "**检查未能完成**（退出码 $code）。" ;;
esac

told >plan/issue.md
summary <plan/issue.md
! has_token || write_issue plan/issue.md
exit "$code"
