"""Header names in Chinese. A '?' behind a field: the values decide (see `judge`)."""

HEADERS = {
    "full_name": """姓名, 名字, 联系人, 聯絡人, 聯繫人, 联系人姓名, 客户姓名, 全名, 中文姓名,
        負責人, 负责人""",
    "first_name": "名",
    "last_name": "姓, 姓氏",
    "name_prefix": "称谓, 稱謂",
    "title": "职位, 職位, 职务, 職務, 职称, 職稱, 头衔, 頭銜, 岗位",
    "department": "部门, 部門",
    "email": """邮箱, 電子郵件, 电子邮件, 电子邮箱, 電子郵箱, 邮件, 邮箱地址, 電郵, 信箱,
        邮件地址, 电邮""",
    "phone": """电话, 電話, 手机, 手機, 手机号, 手机号码, 手機號碼, 电话号码, 電話號碼,
        联系电话, 聯絡電話, 移动电话, 座机""",
    "company": """公司, 公司名称, 公司名稱, 企业, 企业名称, 企業名稱, 单位, 单位名称, 單位,
        工作单位, 组织, 客户名称, 機構""",
    "website": "网站, 網站, 网址, 網址, 官网, 主页",
    "street": "地址, 街道, 详细地址, 公司地址",
    "city": "城市, 市",
    "state": "省, 省份, 州, 省市",
    "postal_code": "邮编, 郵遞區號, 邮政编码, 郵編",
    "country": "国家, 國家, 国家/地区",
    "industry": "行业, 行業, 产业",
    "tags": "标签, 標籤, 分组, 群组",
    "notes": "备注, 備註, 说明, 附注",
    "status?": "状态, 狀態, 阶段",
    "linkedin_url": "领英",
    "company.employee_count?": "员工人数, 員工人數, 公司规模, 人数",
    "company.revenue": "营业额, 營業額, 年收入",
    "opt_out": "退订, 退訂",
    "opt_in": "订阅, 訂閱",
}

QUALIFIERS = "公司, 办公, 工作, 个人, 家庭"
PERSON = ""
COMPANY = "公司, 企业"
SMALL_WORDS = ""
