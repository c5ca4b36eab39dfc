//! Classifies headings of columns, in Chinese and in English: levels, paths, ids, facts about rooms, columns to leave out.
//!
//! A heading is compared without spaces, case, width, Traditional forms, and brackets at either end. Named levels (城市, building)
//! have a rank where practice agrees on one; the rank only serves to refuse a reversed order.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::tr;

/// The meaning of a heading for its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    /// The level of this number, from 1: 一级, level 1, 分组1.
    Numbered(u32),
    /// A named level and its rank from the top, where it has one, of tens by kind: 城市, campus.
    Named(Option<u8>),
    /// A place: a level, or the location of a room if the table lists rooms: 地点, location.
    Place,
    /// Names or paths: 分组, name.
    Vague,
    /// Whole paths: 路径, path.
    Path,
    /// Ids of DingTalk's groups: 分组 ID.
    GroupId,
    /// Ids of some kind: id.
    Id,
    /// The parent of the row's group, by id or by name: 上级编号, ParentId.
    Parent,
    /// The number of the row's level: 层级.
    Depth,
    /// The kind of the row's group: 类型.
    Kind,
    /// The name of a meeting room.
    Room,
    /// A fact that only rooms have: 容量, 设备.
    RoomFact,
    /// Where something is, in free text: 位置. Never a level by itself.
    Whereabouts,
    /// A column that a ledger has for people: 序号, 面积, 备注, 负责人.
    Aside,
}

/// Headings that are known as they are, folded. Levels have ranks of places from 1 and ranks of organizations from 11. A region
/// has the rank of a country, since either may be above the other.
const WORDS: &[(Heading, &str)] = &[
    (Heading::Named(Some(1)), "大洲 continent"),
    (Heading::Named(Some(2)), "大区 战区 region"),
    (Heading::Named(Some(2)), "国家 国家地区 国别 country countryorregion nation"),
    (Heading::Named(Some(4)), "省 省份 省市 省市区 province state stateorprovince"),
    (Heading::Named(Some(5)), "城市 市 地市 县市 city town"),
    (Heading::Named(Some(6)), "区县 县 城区 district county"),
    (Heading::Named(Some(7)), "园区 厂区 校区 院区 产业园 科技园 工业园 工厂 分厂 campus site park plant factory"),
    (
        Heading::Named(Some(8)),
        "楼栋 楼宇 大楼 大厦 楼 栋 座 幢 楼座 楼别 栋别 建筑 建筑物 教学楼 办公楼 办公大楼 写字楼 宿舍楼 实验楼 车间 门店 店铺 \
         building inferredbuilding tower block house workshop store",
    ),
    (Heading::Named(Some(9)), "楼层 层 floor inferredfloor storey story"),
    (Heading::Named(Some(11)), "集团"),
    (Heading::Named(Some(12)), "公司 总公司 企业 company"),
    (Heading::Named(Some(13)), "分公司 子公司 分支机构 分行 subsidiary branch"),
    (Heading::Named(Some(14)), "支行 营业部"),
    (
        Heading::Named(None),
        "区域 地区 片区 区 分区 街道 基地 职场 工区 办公区 办公地 办公地点 办公点 办公场所 办事处 驻地 事业部 单位 机构 \
         分部 分店 产线 仓库 库区 学校 学院 院系 医院 病区 组团 项目 项目部 area zone sector premises wing section division \
         businessunit hub warehouse school college hospital base",
    ),
    (Heading::Place, "地点 场地 location office"),
    (Heading::Vague, "分组 会议室分组 分组名称 分组名 组名 名称 group groupname name roomgroup meetingroomgroup"),
    (
        Heading::Path,
        "路径 分组路径 完整路径 全路径 层级路径 会议室路径 会议室分组路径 path fullpath grouppath roomgrouppath",
    ),
    (Heading::GroupId, "分组id 会议室分组id 钉钉分组id groupid roomgroupid dingtalkgroupid dingtalkid"),
    (Heading::Id, "id"),
    (Heading::Depth, "层级 级别 层次 等级 级数 level depth lvl tier"),
    (Heading::Kind, "类型 类别 节点类型 分组类型 type kind category placetype"),
    (
        Heading::Room,
        "会议室名称 会议室 会议室名 房间名称 房间 房间名 会场名称 会场 场地名称 资源名称 会议室编号 房间编号 房间号 房号 门牌号 资源编号 \
         roomname room meetingroom meetingroomname conferenceroom conferenceroomname resourcename displayname spacename roomnumber \
         roomno roomcode",
    ),
    (
        Heading::RoomFact,
        "容量 人数 座位 座席 席位 规模 设备 设施 配置 配备 硬件 电视 投影 投影仪 白板 视频 视频会议 capacity seat numberofseats \
         maxoccupancy people pax equipment feature amenities facilities device tv projector whiteboard video featureinstances",
    ),
    (Heading::Whereabouts, "位置 具体位置 方位 where"),
    (
        Heading::Aside,
        "序号 编号 编码 代码 行号 序 面积 收费 费用 价格 租金 密级 排序 排序号 顺序 备注 说明 描述 简介 用途 标签 管理员 负责人 联系人 \
         责任人 经办人 审批人 主管 电话 手机 分机 内线 传真 座机 工号 邮箱 邮件 微信 状态 开放 可预订 开放预订 开放范围 使用范围 可见范围 \
         可预订人员 使用权限 预订权限 预定权限 图片 照片 地址 详细地址 no number num seq index code key order remark note comment \
         description memo tag attribute contact manager owner admin administrator phone telephone mobile email mail \
         userprincipalname primarysmtpaddress alias status enabled active bookable reservable visibility access range picture photo url \
         address placeid",
    ),
];
/// Endings of columns that are left out.
const ASIDE_ENDS: &[&str] = &[
    "编号",
    "编码",
    "代码",
    "日期",
    "时间",
    "人数",
    "数量",
    "位数",
    "面积",
    "电话",
    "手机",
    "邮箱",
    "地址",
    "负责人",
    "联系人",
    "管理员",
    "备注",
    "时段",
    "权限",
    "人",
    "人员",
    "说明",
    "状态",
    "date",
    "phone",
    "email",
    "url",
];
/// Beginnings of columns that are left out: yes-or-no columns.
const ASIDE_STARTS: &[&str] = &["是否", "有无", "是否有", "可否", "has", "created"];
/// Endings of columns about equipment.
const EQUIPMENT_ENDS: &[&str] = &["设备", "设施", "配置", "devicename"];
/// Endings of columns about capacity.
const CAPACITY_ENDS: &[&str] = &["容纳人数", "最大人数", "座位数", "参会人数"];
/// The most bytes of a heading.
const LONGEST: usize = 200;
/// Units of areas: a column that has one in its heading is no level.
const AREA_UNITS: &[&str] = &["m2", "平方", "平米", "sqft"];

/// Words before a heading that add nothing.
const PREFIXES: &[&str] = &["所在", "所属", "归属", "隶属", "会议室", "办公"];
/// Words behind a heading that add nothing.
const NAME_SUFFIXES: &[&str] = &["名称", "名字", "名", "情况", "信息", "name", "label"];
/// Words behind a heading by which a column has codes.
const CODE_SUFFIXES: &[&str] = &["编号", "编码", "代码", "代号", "号", "code", "id", "number", "no"];
/// Words before the number of a level.
const BEFORE_NUMBER: &[&str] =
    &["level", "lvl", "l", "tier", "group", "层级", "级别", "分组层级", "分组", "会议室分组", "目录", "第"];
/// Words behind it, once `级` is removed; named levels may be there, too.
const AFTER_NUMBER: &[&str] =
    &["", "分组", "名称", "分组名称", "会议室分组", "目录", "节点", "部门", "组织", "name", "group"];
/// Chinese numbers, from 1.
const DIGITS: &[&str] = &["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
/// The parent of a row: one of these words, then one of those below.
const PARENT_WORDS: &[&str] = &["上级", "上一级", "上层", "父级", "父", "所属上级", "直属上级"];
const PARENT_ENDS: &[&str] = &[
    "",
    "id",
    "编号",
    "编码",
    "代码",
    "名称",
    "分组",
    "分组id",
    "分组名称",
    "节点",
    "节点id",
    "组织",
    "机构",
    "位置",
    "区域",
    "地点",
    "单位",
    "目录",
];
/// Traditional characters of headings, each before its simplified form.
const TRADITIONAL: &str = "樓楼層层棟栋區区廠厂園园國国縣县廈厦辦办點点築筑級级徑径組组會会議议稱称編编號号學学車车間间設设備备註注說说總总計计屬属別别\
     場场職职業业類类電电話话聯联絡络負负責责員员數数納纳狀状態态門门單单圖图訂订預预開开範范圍围權权簡简廳厅庫库醫医營营倉仓駐驻團团積积費费時时創创審审產产\
     誌志網网鄉乡鎮镇臺台灣湾東东衛卫檔档製制傳传機机構构動动標标誤误";

impl Heading {
    /// Classifies a heading.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let folded = folded(text);
        if AREA_UNITS.iter().any(|unit| folded.contains(unit)) {
            return Some(Self::Aside);
        }
        let bare = without_brackets(&folded);
        known(&bare).or_else(|| known(&chinese_part(&bare)?)).or_else(|| aside(&bare))
    }

    /// Whether a column of this heading is about rooms.
    pub(super) const fn is_of_room(self) -> bool {
        matches!(self, Self::Room | Self::RoomFact)
    }

    /// Returns how much it says for a row of headings; a vague word may as well be a title.
    pub(super) fn weight(self) -> u32 {
        match self {
            Self::Numbered(_) | Self::Named(_) | Self::Place | Self::Path | Self::GroupId | Self::Parent => 2,
            _ => 1,
        }
    }
}

/// Returns a heading without the words that name a level's name or code: 楼栋 for 楼栋编号.
pub(super) fn stem(text: &str) -> String {
    let bare = without_brackets(&folded(text));
    let bare = chinese_part(&bare).unwrap_or(bare);
    let stem = stripped(&bare).or_else(|| without(&bare, CODE_SUFFIXES)).filter(|stem| named(stem).is_some());
    stem.unwrap_or(bare)
}

/// Whether a column has codes by its heading: 楼栋编号, building id.
pub(super) fn is_code(text: &str) -> bool {
    without(&without_brackets(&folded(text)), CODE_SUFFIXES).is_some()
}

/// Whether two headings are the same, but for spaces, case, width and Traditional forms.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

/// Returns the heading of a level, from 1, as it is written.
#[must_use]
pub fn level_heading(level: usize) -> String {
    let chinese = level.checked_sub(1).and_then(|at| DIGITS.get(at)).map(|digit| (*digit).to_owned());
    let level = tr!(None, chinese).unwrap_or_else(|| level.to_string());
    tr!(format: "level {level}", "{level}级")
}

/// Returns the heading of whole paths.
#[must_use]
pub fn path_heading() -> &'static str {
    tr!("path", "路径")
}

/// Returns the heading of ids.
#[must_use]
pub fn id_heading() -> &'static str {
    tr!("id", "分组 ID")
}

/// Removes spaces, marks, case, width, and Traditional forms.
pub(super) fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_idle(*c)).map(simplified).collect()
}

fn is_idle(c: char) -> bool {
    c.is_whitespace() || matches!(c, '_' | '-' | '*' | ':' | '.' | '#' | '\u{200B}'..='\u{200F}' | '\u{FEFF}')
}

/// Returns the simplified form of a Traditional character that headings have.
pub(super) fn simplified(c: char) -> char {
    SIMPLIFIED.get(&c).copied().unwrap_or(c)
}

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs: Vec<char> = TRADITIONAL.chars().collect();
    pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

static KNOWN: LazyLock<HashMap<&'static str, Heading>> = LazyLock::new(|| {
    let all =
        |(heading, words): &(Heading, &'static str)| words.split(' ').map(|word| (word, *heading)).collect::<Vec<_>>();
    WORDS.iter().flat_map(all).collect()
});

/// Takes away brackets at either end with what is in them, as long as something is left.
fn without_brackets(folded: &str) -> String {
    let end = folded.strip_suffix([')', ']', '】']).and_then(|rest| rest.rsplit_once(['(', '[', '【']));
    let text = end.map(|(before, _)| before).filter(|before| !before.is_empty()).unwrap_or(folded);
    let start = text.strip_prefix(['(', '[', '【']).and_then(|rest| rest.split_once([')', ']', '】']));
    start.map(|(_, behind)| behind).filter(|behind| !behind.is_empty()).unwrap_or(text).to_owned()
}

/// Returns the Chinese of a heading in two languages, such as `城市 City`, if both are headings.
fn chinese_part(bare: &str) -> Option<String> {
    let (latin, chinese): (String, String) =
        bare.chars().filter(|c| *c != '/').partition(|c: &char| c.is_ascii_alphabetic());
    (known(&latin).is_some() && known(&chinese).is_some()).then_some(chinese)
}

fn known(bare: &str) -> Option<Heading> {
    exact(bare)
        .filter(|heading| *heading != Heading::Aside)
        .or_else(|| numbered(bare).map(Heading::Numbered))
        .or_else(|| is_parent(bare).then_some(Heading::Parent))
        .or_else(|| level(bare).map(Heading::Named))
        .or_else(|| exact(&stripped(bare)?))
}

fn exact(bare: &str) -> Option<Heading> {
    KNOWN.get(bare).or_else(|| KNOWN.get(&*singular(bare)?)).copied()
}

/// Returns the singular of an English plural, if there is a simple one.
fn singular(bare: &str) -> Option<String> {
    let stem = bare.strip_suffix('s').filter(|stem| stem.is_ascii())?;
    let of_es = stem.strip_suffix("se").or_else(|| stem.strip_suffix("xe")).map(|_| stem[..stem.len() - 1].to_owned());
    Some(match stem.strip_suffix("ie") {
        Some(start) => format!("{start}y"),
        None => of_es.filter(|_| !stem.ends_with("house")).unwrap_or_else(|| stem.to_owned()),
    })
}

/// Reads 城市, 所在城市, 城市名称, 楼栋编号, 省/市, cities: a rank, or `None` for a level without one.
fn level(bare: &str) -> Option<Option<u8>> {
    let ranks: Option<Vec<Option<u8>>> = bare.split('/').map(part).collect();
    ranks?.into_iter().next()
}

fn part(bare: &str) -> Option<Option<u8>> {
    named(bare)
        .or_else(|| named(&stripped(bare)?))
        .or_else(|| named(&without(bare, CODE_SUFFIXES)?))
        .or_else(|| named(&without(&stripped(bare)?, CODE_SUFFIXES)?))
}

fn named(bare: &str) -> Option<Option<u8>> {
    match exact(bare)? {
        Heading::Named(rank) => Some(rank),
        _ => None,
    }
}

/// Takes away the words before and behind a heading that add nothing; `None` if there are none.
fn stripped(bare: &str) -> Option<String> {
    let mut rest = bare;
    while let Some(short) = PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix)).filter(|rest| !rest.is_empty())
    {
        rest = short;
    }
    without(rest, NAME_SUFFIXES).or_else(|| (rest.len() < bare.len()).then(|| rest.to_owned()))
}

fn without(bare: &str, suffixes: &[&str]) -> Option<String> {
    let stem = suffixes.iter().find_map(|suffix| bare.strip_suffix(suffix));
    stem.filter(|stem| !stem.is_empty()).map(str::to_owned)
}

fn is_parent(bare: &str) -> bool {
    let is_chinese = |word: &&str| bare.strip_prefix(*word).is_some_and(|rest| PARENT_ENDS.contains(&rest));
    bare.contains("parent") || bare == "pid" || PARENT_WORDS.iter().any(is_chinese)
}

fn aside(bare: &str) -> Option<Heading> {
    let ends = |ends: &[&str]| ends.iter().any(|end| bare.ends_with(end));
    if ends(EQUIPMENT_ENDS) || ends(CAPACITY_ENDS) {
        return Some(Heading::RoomFact);
    }
    let is_aside = ends(ASIDE_ENDS) || ASIDE_STARTS.iter().any(|start| bare.starts_with(start));
    exact(bare).or_else(|| (is_aside || bare.starts_with("会议室")).then_some(Heading::Aside))
}

/// Reads 一级, 第1级分组, 一级园区, level 1, L1, 层级一, 分组1.
fn numbered(bare: &str) -> Option<u32> {
    let prefix = BEFORE_NUMBER.iter().filter(|prefix| bare.starts_with(**prefix)).max_by_key(|prefix| prefix.len());
    let rest = &bare[prefix.map_or(0, |prefix| prefix.len())..];
    let (number, rest) = number(rest)?;
    let (rest, is_level) = rest.strip_prefix('级').map_or((rest, false), |rest| (rest, true));
    let has_word = is_level || prefix.is_some_and(|prefix| *prefix != "第");
    let is_end = AFTER_NUMBER.contains(&rest) || is_level && level(rest).is_some();
    (has_word && is_end).then_some(number)
}

fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if digits > 0 {
        return Some((text[..digits].parse().ok()?, &text[digits..]));
    }
    let (at, digit) = DIGITS.iter().enumerate().find(|(_, digit)| text.starts_with(**digit))?;
    Some((u32::try_from(at + 1).ok()?, &text[digit.len()..]))
}

#[cfg(test)]
mod tests {
    use crate::i18n::Language;
    use crate::import::heading::{Heading, id_heading, level_heading, path_heading, stem};

    #[test]
    fn levels_are_known_by_their_numbers() {
        for (text, level) in [
            ("一级", 1),
            ("第二级", 2),
            ("三级分组", 3),
            ("1级", 1),
            ("第 2 级名称", 2),
            ("层级三", 3),
            ("Level 1", 1),
            ("LEVEL_2", 2),
            ("level-3", 3),
            ("L4", 4),
            ("一级（必填）", 1),
            ("Ｌｅｖｅｌ １", 1),
            ("*十级", 10),
            ("Level 1 name", 1),
            ("分组1", 1),
            ("分组 二", 2),
            ("一级區域", 1),
            ("Group 3", 3),
        ] {
            assert_eq!(Heading::of(text), Some(Heading::Numbered(level)), "{text}");
        }
    }

    #[test]
    fn named_levels_are_known_in_many_spellings() {
        for (text, rank) in [
            ("城市", 5),
            ("園區", 7),
            ("楼栋", 8),
            ("City", 5),
            ("campuses", 7),
            ("Buildings", 8),
            ("Building name", 8),
            ("城市名称", 5),
            ("省/市", 4),
            ("国家/地区", 2),
            ("楼层 (可选)", 9),
            ("（必填）楼层", 9),
            ("所在城市", 5),
            ("所屬樓棟", 8),
            ("城市 City", 5),
            ("ｃｉｔｙ", 5),
            ("cities", 5),
            ("教学楼", 8),
            ("车间", 8),
            ("分公司", 13),
            ("所属公司", 12),
            ("校區", 7),
            ("楼栋编号", 8),
            ("FloorLabel", 9),
        ] {
            assert_eq!(Heading::of(text), Some(Heading::Named(Some(rank))), "{text}");
        }
        for text in ["办公地点", "区域", "Area", "Sections", "所在单位"] {
            assert_eq!(Heading::of(text), Some(Heading::Named(None)), "{text}");
        }
        assert_eq!(
            (stem("楼栋编号"), stem("楼栋名称"), stem("FloorLabel")),
            ("楼栋".into(), "楼栋".into(), "floor".into())
        );
    }

    #[test]
    fn columns_that_are_no_levels_are_known() {
        for (text, heading) in [
            ("会议室名称", Heading::Room),
            ("會議室名稱", Heading::Room),
            ("容納人數", Heading::RoomFact),
            ("容纳人数（人）", Heading::RoomFact),
            ("设备配置", Heading::RoomFact),
            ("序号", Heading::Aside),
            ("備註", Heading::Aside),
            ("Notes", Heading::Aside),
            ("面积（㎡）", Heading::Aside),
            ("area (sq ft)", Heading::Aside),
            ("联系电话", Heading::Aside),
            ("创建时间", Heading::Aside),
            ("是否启用", Heading::Aside),
            ("会议室描述", Heading::Aside),
            ("ParentId", Heading::Parent),
            ("上级编号", Heading::Parent),
            ("父节点ID", Heading::Parent),
            ("类型", Heading::Kind),
            ("层级", Heading::Depth),
            ("分组 ID", Heading::GroupId),
            ("id", Heading::Id),
            ("位置", Heading::Whereabouts),
            ("Location", Heading::Place),
        ] {
            assert_eq!(Heading::of(text), Some(heading), "{text}");
        }
    }

    #[test]
    fn paths_and_vague_words_are_known() {
        assert_eq!(Heading::of("分组路径"), Some(Heading::Path));
        assert_eq!(Heading::of("Full path"), Some(Heading::Path));
        assert_eq!(Heading::of("分组"), Some(Heading::Vague));
        assert_eq!(Heading::of(" Name "), Some(Heading::Vague));
        for text in
            ["", "北京", "第一层", "1", "一", "()", "/", "12楼", "A座", "望京园区", "研发楼", "上海分公司", "HQ"]
        {
            assert_eq!(Heading::of(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_known_again() {
        for language in Language::ALL {
            language.scope(|| {
                for level in 1..15 {
                    let number = u32::try_from(level).unwrap();
                    assert_eq!(Heading::of(&level_heading(level)), Some(Heading::Numbered(number)));
                }
                assert_eq!(Heading::of(path_heading()), Some(Heading::Path));
                assert!(matches!(Heading::of(id_heading()), Some(Heading::GroupId | Heading::Id)));
            });
        }
    }
}
