#!/usr/bin/env bash
# Shows the plan on the pull request, in one comment that is brought up to date with every push.
#
#   ci/comment.sh NUMBER
set -euo pipefail
source "${BASH_SOURCE[0]%/*}/settings.sh"
source "${BASH_SOURCE[0]%/*}/forge.sh"

if has_token; then
    write_comment "$1" plan/comment.md
else
    say "No token, no comment: the plan is among this job's artifacts." "没有令牌，无法评论：计划在此作业的产物中。"
fi
