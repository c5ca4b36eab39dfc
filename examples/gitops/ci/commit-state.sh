#!/usr/bin/env bash
# Commits the state to the branch, and the journal if a run was killed, even if it is ignored: the next run needs both. Does nothing
# if nothing changed, so it can be run as often as one likes.
set -euo pipefail
source "${BASH_SOURCE[0]%/*}/settings.sh"

for file in "$STATE" "$STATE.journal"; do
    if [[ -e "$file" || -n "$(git ls-files -- "$file")" ]]; then git add --all --force -- "$file"; fi
done
git diff --cached --quiet || git commit --quiet -m "Record what was applied

[skip ci]"
[[ -n "$(git rev-list "origin/$BRANCH..HEAD")" ]] || exit 0

# Somebody may have merged meanwhile. Nobody else changes the state, so ours goes on top.
for _ in 1 2 3 4 5; do
    if git push --quiet origin "HEAD:$BRANCH"; then exit 0; fi
    git fetch --quiet origin "+refs/heads/$BRANCH:refs/remotes/origin/$BRANCH"
    git rebase --quiet "origin/$BRANCH" || { git rebase --abort && break; }
done

rescue="roomtree-state-$(git rev-parse --short HEAD)"
git push --quiet origin "HEAD:refs/heads/$rescue" || rescue="the artifact of this job"
fail 1 "**The state could not be pushed to \`$BRANCH\`**; it is in \`$rescue\`. Bring it to \`$BRANCH\` before anything else is applied." \
    "**状态无法推送到 \`$BRANCH\`**，已保存在 \`$rescue\`。在执行任何操作之前，请先将其合入 \`$BRANCH\`。"
