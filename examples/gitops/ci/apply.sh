#!/usr/bin/env bash
# Makes DingTalk what the branch says: exactly the plan that was reviewed, or nothing. Then commits the state.
#
#   ci/apply.sh                  the plan that stands on the pull request of the last merge
#   ci/apply.sh FINGERPRINT      the plan of this fingerprint, which somebody has looked at
set -euo pipefail
source "${BASH_SOURCE[0]%/*}/settings.sh"
source "${BASH_SOURCE[0]%/*}/forge.sh"

# Says whether manifest and state agree. Then nobody needs to have reviewed anything, and DingTalk is not called.
settled() {
    roomtree --lang "$SPEAK" plan "$MANIFEST" "${SCOPE[@]}" --offline --format json |
        jq '.settled and (.unsettled | length) == 0'
}

# Prints the fingerprint on the pull request that the branch's last change came from. What the jobs commit is no change.
reviewed() {
    local commit request number head mark
    commit="$(git log -1 --first-parent --format=%H -- . ":(exclude)$STATE" ":(exclude)$STATE.journal")"
    request="$(merged "$commit")"
    [[ -n "$request" ]] ||
        fail 4 "**Nothing was applied**: $commit came by no pull request, so nobody has seen its plan." \
            "**未执行**：$commit 不是通过合并请求合入的，没有人审阅过它的计划。"
    read -r number head <<<"$request"
    mark="$(comment "$number" | jq --raw-output '.body | split("\n")[0]')"
    [[ "$mark" =~ ^"${MARK}head=$head fingerprint="([0-9a-f]{64})" -->" ]] ||
        fail 4 "**Nothing was applied**: #$number shows no plan of its last commit $head that could be applied." \
            "**未执行**：#$number 上没有其最后一次提交 $head 的可执行计划。"
    echo "${BASH_REMATCH[1]}"
}

# Runs roomtree so that a cancelled job stops it in an orderly way: what is in flight is awaited, and the state is good.
run() {
    local code=0 stopped=""
    "$@" &
    local pid=$!
    trap 'stopped=yes; kill -TERM "$pid" 2>/dev/null || true' INT TERM
    wait "$pid" || code=$?
    while [[ -n "$stopped" ]]; do
        stopped=""
        code=0
        wait "$pid" || code=$?
    done
    trap - INT TERM
    return "$code"
}

# Says what is left to do, and how to have it done. This asks DingTalk: what is there by now is what matters.
show_rest() {
    local rest=plan/rest.json
    mkdir -p plan
    rm -f "$rest"
    roomtree --lang "$SPEAK" plan "$MANIFEST" "${SCOPE[@]}" --format markdown --out "$rest" | summary || true
    [[ -e "$rest" ]] || return 0
    local fingerprint
    fingerprint="$(jq --raw-output .fingerprint "$rest")"
    summary < <(say "To have this plan applied, start the apply by hand with its fingerprint: \`$fingerprint\`" \
        "若要执行此计划，请手动启动 apply，并填写指纹：\`$fingerprint\`")
}

main() {
    local expected="${1:-}" code=0 committed=0
    if [[ -z "$expected" ]]; then
        if [[ "$(settled)" == true ]]; then
            say "Nothing to apply: the state has what the manifest says." "无需执行：状态与清单一致。"
            return
        fi
        expected="$(reviewed)" || { code=$?; show_rest; return "$code"; }
    fi
    run roomtree --lang "$SPEAK" apply "$MANIFEST" "${SCOPE[@]}" --expect "$expected" --yes || code=$?
    "${BASH_SOURCE[0]%/*}/commit-state.sh" || committed=$?
    case $code in
        0) ;;
        3 | 4 | 130)
            summary < <(say "**Not everything was applied** (exit code $code; the log has the details). What is left:" \
                "**未全部执行**（退出码 $code，详见日志）。剩余计划：")
            show_rest
            ;;
        *)
            summary < <(say "**Nothing was applied** (exit code $code; the log has the details). Run the job again when the cause is gone." \
                "**未执行任何操作**（退出码 $code，详见日志）。排除原因后重新运行此作业即可。")
            ;;
    esac
    [[ $code -ne 0 ]] || code=$committed
    return "$code"
}

main "$@"
exit
