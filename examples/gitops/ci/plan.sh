#!/usr/bin/env bash
# What would merging this pull request do? Asks nobody and needs no credentials. Leaves plan/comment.md: the plan for people, and
# in its first line the fingerprint for the apply.
#
#   ci/plan.sh COMMIT       the last commit of the pull request
set -euo pipefail
source "${BASH_SOURCE[0]%/*}/settings.sh"

readonly HEAD="$1"
rm -rf plan
mkdir plan
touch plan/plan.md

code=0
# What is planned is what the branch would be after the merge, not what it was when the pull request was begun.
if git merge --quiet --no-edit "origin/$BRANCH" >&2; then
    roomtree --lang "$SPEAK" plan "$MANIFEST" "${SCOPE[@]}" --offline --format markdown --out plan/saved.json \
        >plan/plan.md 2>plan/said.txt || code=$?
else
    code=1
    say "It does not merge with \`$BRANCH\`." "无法与 \`$BRANCH\` 合并。" >plan/said.txt
fi
cat plan/said.txt >&2
fingerprint=none
[[ ! -e plan/saved.json ]] || fingerprint="$(jq --raw-output .fingerprint plan/saved.json)"

# The first line is for the apply; what has to be read stands before the plan, which may be long.
{
    echo "<!-- roomtree head=$HEAD fingerprint=$fingerprint -->"
    if [[ $code -eq 0 ]]; then
        say "**Merging applies exactly this plan, or nothing.** It was made from manifest and state; DingTalk was not asked. Fingerprint: \`$fingerprint\`" \
            "**合并后将严格按此计划执行，否则什么都不做。** 计划依据清单与状态生成，未访问钉钉。指纹：\`$fingerprint\`"
    else
        say "**There is no plan that could be applied**, and merging would change nothing in DingTalk:" \
            "**没有可执行的计划**，此时合并不会改变钉钉中的任何内容："
    fi
    if [[ -n "$(git diff --name-only "origin/$BRANCH" HEAD -- "$STATE" "$STATE.journal")" ]]; then
        echo
        say "**This pull request changes the state.** Only the apply job should. Merge it if it brings in an existing organization, or mends the state." \
            "**此合并请求修改了状态文件。** 通常只有 apply 作业会修改它；仅在接入已有企业或修复状态时才应合并。"
    fi
    echo
    shown plan/plan.md plan/said.txt
} >plan/comment.md
summary <plan/comment.md
exit "$code"
