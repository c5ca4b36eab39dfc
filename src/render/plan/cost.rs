//! Says what a plan costs: calls, and the shortest time they can take.

use std::time::Duration;

use crate::i18n::count;
use crate::plan::{Cost, Plan, Rate};
use crate::render::style::{Grouped, duration, grouped};
use crate::tr;

/// The shortest time that would not be said if it were none.
const SHORTEST_SAID: Duration = Duration::from_millis(50);

/// Says what applying a plan takes: `at most 32 calls (2 list, 30 create); at least 1.5 s at 20 calls a second`.
pub(crate) fn sentence(plan: &Plan, rate: Rate) -> String {
    let cost = Cost::of(plan);
    let calls = count(Grouped(cost.calls()), "call", "次调用");
    let by_api = by_api(cost);
    let said = match Cost::is_least(plan) {
        _ if plan.is_settled() => tr!(format: "{calls} ({by_api})", "{calls}（{by_api}）"),
        true => tr!(format: "at least {calls} ({by_api})", "至少 {calls}（{by_api}）"),
        false => tr!(format: "at most {calls} ({by_api})", "最多 {calls}（{by_api}）"),
    };
    said + &pace(cost, rate)
}

fn by_api(cost: Cost) -> String {
    let parts = [
        (cost.list, tr!("list", "列出分组")),
        (cost.read, tr!("read", "读取分组")),
        (cost.rooms, tr!("rooms", "列出会议室")),
        (cost.administrators, tr!("administrators", "读取分组管理员")),
        (cost.create, tr!("create", "创建")),
        (cost.rename, tr!("rename", "改名")),
        (cost.delete, tr!("delete", "删除")),
    ];
    let said = parts.iter().filter(|(number, _)| *number > 0);
    let said = said.map(|(number, api)| tr!(format: "{} {api}", "{api} {}", grouped(*number)));
    said.collect::<Vec<_>>().join(tr!(", ", "，"))
}

fn pace(cost: Cost, rate: Rate) -> String {
    let shortest = cost.shortest(rate);
    match rate.0 {
        Some(rate) if shortest >= SHORTEST_SAID => {
            let (time, calls) = (duration(shortest), count(rate, "call", "次"));
            tr!(format: "; at least {time} at {calls} a second", "；按每秒 {calls}，至少需要 {time}")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::Language;
    use crate::plan::Rate;
    use crate::render::plan::cost::sentence;
    use crate::render::testing;

    #[test]
    fn a_cost_is_told_in_every_language() {
        let plan = testing::of(&["+ A", "+ B"]);
        assert_eq!(
            sentence(&plan, Rate(Some(20.0))),
            "at most 4 calls (2 list, 2 create); at least 0.1 s at 20 calls a second"
        );
        assert_eq!(sentence(&plan, Rate(None)), "at most 4 calls (2 list, 2 create)");
        let chinese = Language::Chinese.scope(|| sentence(&plan, Rate(Some(20.0))));
        assert_eq!(chinese, "最多 4 次调用（列出分组 2，创建 2）；按每秒 20 次，至少需要 0.1 秒");
    }
}
