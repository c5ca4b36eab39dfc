//! Shows an apply while it runs: a bar where somebody watches, plain lines elsewhere.

use std::sync::mpsc::Receiver;
use std::time::Duration;

use indicatif::ProgressBar;

use crate::apply::{Event, ListPurpose};
use crate::dingtalk::ApiError;
use crate::i18n::count;
use crate::plan::{Call, Order, Plan, StepId};
use crate::render::report::bar;
use crate::render::style::{CREATE, DELETE, DIM, ERROR, Grouped, RENAME, Styled, WARNING, duration, shown};
use crate::render::terminal::Terminal;
use crate::tr;

/// The same kind of trouble is told this many times, then only counted: a thousand equal lines help nobody.
const MOST_TOLD: usize = 5;

/// How long events may wait to be shown: less than anybody notices.
const GATHERING: Duration = Duration::from_millis(20);

/// Shows the events of one apply.
#[derive(Debug)]
pub struct Progress<'a> {
    plan: &'a Plan,
    order: &'a Order,
    terminal: Terminal,
    bar: ProgressBar,
    told: usize,
}

impl<'a> Progress<'a> {
    /// Prepares to show; nothing is drawn before the first event.
    #[must_use]
    pub fn new(plan: &'a Plan, order: &'a Order, terminal: Terminal) -> Self {
        let bar = bar::new(order.steps().len(), terminal.facts);
        terminal.keep_above(&bar);
        Self { plan, order, terminal, bar, told: 0 }
    }

    /// Shows events until there are no more. It lets some gather, since to be woken for each would cost more than to show it;
    /// whoever has sent the last one may unpark this thread.
    pub fn show(mut self, events: &Receiver<Event>) {
        while let Ok(event) = events.recv() {
            self.on(event);
            std::thread::park_timeout(GATHERING);
            events.try_iter().for_each(|event| self.on(event));
        }
        self.finish();
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }

    /// Shows one event.
    pub fn on(&mut self, event: Event) {
        match event {
            Event::Began { steps } => self.begin(steps),
            Event::Adopted { row, id } => {
                self.say(&tr!(format: "  adopted {}  {id}", "  已接管 {}  {id}", shown(self.plan.path(row).as_str())))
            }
            Event::Done { step, id } => {
                self.bar.inc(1);
                self.beside(&self.name(step));
                self.say(&format!("  {} {}  {}", self.verb(step), self.name(step), Styled(DIM, id)));
            }
            Event::Failed { step, failure, skipped } | Event::Unknown { step, failure, skipped } => {
                self.failed(step, &failure, skipped);
            }
            // What they lead to is told by itself.
            Event::Found { .. } | Event::Absent { .. } => {}
            Event::Delayed { step, failure } => {
                let name = self.name(step);
                self.trouble(&tr!(format: "delayed at {name}: {failure}", "{name} 被推迟：{failure}"));
            }
            Event::Lost { step, failure } => {
                let name = self.name(step);
                self.trouble(&tr!(format: "answer lost at {name}: {failure}", "{name} 的应答丢失：{failure}"));
            }
            Event::Banned { wait } => {
                let wait = duration(wait);
                self.warn(&tr!(
                    format: "DingTalk bans this address; nothing is called for {wait}",
                    "本机地址被钉钉封禁；{wait}内不发起任何调用"
                ));
            }
            Event::Looking { aim, after } => self.looking(aim, after),
            Event::DuplicateRemoved { id } => {
                self.warn(&tr!(
                    format: "removed {id}, a duplicate that this run had made",
                    "已删除 {id}，它是本次运行造成的重名分组"
                ));
            }
            Event::Stopping { in_flight } => {
                self.warn(&stopping(in_flight));
                self.beside(&stopping(0));
            }
        }
    }

    fn begin(&mut self, steps: usize) {
        if steps > 0 && self.terminal.facts.is_watched {
            self.bar.enable_steady_tick(Duration::from_millis(100));
        }
    }

    fn failed(&mut self, step: StepId, failure: &ApiError, skipped: usize) {
        self.bar.inc(1 + skipped as u64);
        let (word, name) = (Styled(ERROR, tr!("failed", "失败")), self.name(step));
        let groups = count(Grouped(skipped), "group", "个分组");
        let skips = match skipped {
            0 => String::new(),
            _ => tr!(format: "; skips {groups} below", "；跳过其下 {groups}"),
        };
        self.terminal.note(&tr!(format: "  {word} {name}: {failure}{skips}", "  {word} {name}：{failure}{skips}"));
    }

    fn trouble(&mut self, what: &str) {
        self.told += 1;
        if self.told <= MOST_TOLD {
            self.warn(what);
        }
        if self.told == MOST_TOLD {
            self.warn(tr!(
                "further delays and lost answers are handled in the same way and no longer told",
                "之后的推迟和应答丢失照此处理，不再逐一说明"
            ));
        }
    }

    fn looking(&mut self, aim: ListPurpose, after: Duration) {
        let pause = match after {
            Duration::ZERO => String::new(),
            after => tr!(format: " in {}", "{}后", duration(after)),
        };
        let line = match aim {
            ListPurpose::Settle(unknown) => {
                let unknown = count(Grouped(unknown), "unknown outcome", "个未知的结果");
                tr!(format: "listing the groups{pause} to settle {unknown}", "{pause}列出分组，查证 {unknown}")
            }
            ListPurpose::Recheck => tr!(
                format: "the process was suspended: listing the groups{pause} to check the rest of the plan",
                "进程曾被挂起：{pause}列出分组，核对其余计划"
            ),
            ListPurpose::LateDuplicates => {
                tr!(format: "looking once more{pause} for late duplicates", "{pause}再次查看有无迟到的重名分组")
            }
        };
        self.beside(&line);
        self.say(&format!("  {line}"));
    }

    fn verb(&self, step: StepId) -> Styled<&'static str> {
        match self.order.step(step).call {
            Call::Create => Styled(CREATE, tr!("created", "已创建")),
            Call::Rename => Styled(RENAME, tr!("renamed", "已改名")),
            Call::Delete => Styled(DELETE, tr!("deleted", "已删除")),
        }
    }

    fn name(&self, step: StepId) -> String {
        shown(self.plan.subject(self.order.step(step).subject).as_str()).into_owned()
    }

    fn warn(&self, text: &str) {
        self.terminal.note(&format!("  {}{text}", Styled(WARNING, tr!("note: ", "注意："))));
    }

    /// Writes beside the bar, as far as there is room.
    fn beside(&self, text: &str) {
        if self.terminal.facts.is_watched {
            self.bar.set_message(bar::beside(text, self.order.steps().len(), self.terminal.facts.width));
        }
    }

    /// Writes a line that a bar stands in for.
    fn say(&self, line: &str) {
        if !self.terminal.facts.is_watched {
            self.terminal.note(line);
        }
    }
}

fn stopping(in_flight: usize) -> String {
    match in_flight {
        0 => tr!("stopping", "正在停止").to_owned(),
        1 => tr!("stopping; 1 call in flight is awaited", "正在停止，等待 1 次进行中的调用").to_owned(),
        _ => {
            let calls = count(Grouped(in_flight), "call", "次进行中的调用");
            tr!(format: "stopping; {calls} in flight are awaited", "正在停止，等待 {calls}")
        }
    }
}
