// What a failure means to the person in front of the screen: what happened, and what to do. Complete by type.

import type { FailureCode, Field, FieldFault, Language } from "./bindings.gen";

const zhCN: Record<FailureCode, string> = {
  badForm: "有一项填写不正确，请检查标出的内容。",
  badWindow: "这个时间或次数不行，请检查。",
  noConnection: "现在没有连接，未执行。请稍后再试，或联系前台。",
  noAnswer: "门禁服务没有应答。请稍后再试。",
  refusedByService: "门禁服务拒绝了这个请求。请联系管理员。",
  refusedUs: "门禁服务不接受本机的密钥。请联系管理员。",
  tooLate: "等待太久，已放弃。请重新操作。",
  lockedOut: "刚刚按过，请等几秒再试。",
  alreadyHeld: "这扇门已在常开状态，或正在关闭。",
  notAllowed: "本机或您的账号不允许这项操作。",
  notSignedIn: "请先登录。",
  needsApproval: "需要主管批准。",
  weakSecret: "太容易被猜到：至少 6 位没有规律的数字，或至少 10 个字符。",
  nameTaken: "已有同名账号，请换一个名字。",
  lastAdmin: "至少要保留一位管理员。",
  notArmed: "开门准备已超时，请重新选择门。",
  notFound: "没有找到，可能已被删除。",
  tooMany: "一次太多，请稍等片刻再试。",
  restarted: "程序当时正在重启，结果不明。请看门是否打开，先不要再按。",
  keyMissing: "访客数据的密钥不在本机，没有更改任何内容。请通知管理员恢复密钥。",
  diskFull: "本机磁盘已满，没有保存。请通知管理员。",
  storeFailed: "本机没能保存。请再试一次，仍不行请到前台。",
  clockOff: "本机时钟不准。请通知管理员。",
  noCamera: "没有找到摄像头。请检查连接。",
  cameraBusy: "摄像头正被其他程序使用。",
  cameraDenied: "系统不允许使用摄像头。",
  cameraLost: "摄像头已断开。请重新插好。",
  cameraSilent: "摄像头没有画面。请拔下再插上。",
  cameraDark: "摄像头只看到黑色画面。请检查镜头盖和灯光。",
  slowDown: "尝试太多，请稍等一会儿再试，或到前台。",
  tooEarly: "还没到邀请的时间，请晚些再来，或到前台。",
  over: "邀请的时间已经过了，请到前台。",
  used: "这个邀请已经用过或已撤回，请到前台。",
  revoked: "这个邀请已经撤回，请到前台。",
  alreadyLeft: "这个通行码已经登记离开。",
  notSigned: "请先签署访客须知。",
  notADemo: "此功能只在演示中可用。",
  bug: "出了意外的问题。请再试一次，仍不行请到前台。",
};

const en: Record<FailureCode, string> = {
  badForm: "Something in the form is not right. Please look at the marked field.",
  badWindow: "This time or number of times is not possible. Please check it.",
  noConnection: "There is no connection, so nothing was done. Try again later, or see reception.",
  noAnswer: "The door service does not answer. Please try again in a moment.",
  refusedByService: "The door service refused this. Please tell the administrator.",
  refusedUs: "The door service does not accept this computer's key. Please tell the administrator.",
  tooLate: "It took too long and was given up. Please start again.",
  lockedOut: "It was pressed a moment ago. Wait a few seconds.",
  alreadyHeld: "This door is kept open already, or still closing.",
  notAllowed: "This station or your account is not allowed to do that.",
  notSignedIn: "Please sign in first.",
  needsApproval: "A supervisor has to approve this.",
  weakSecret: "Too easy to guess: six digits or more without a pattern, or ten characters or more.",
  nameTaken: "An account has this name already. Please choose another.",
  lastAdmin: "One administrator has to stay.",
  notArmed: "That took too long. Please choose the door again.",
  notFound: "It is not there any more.",
  tooMany: "Too many at once. Please wait a moment and try again.",
  restarted: "The program was started again meanwhile. Look at the door, and do not press again yet.",
  keyMissing:
    "The key to this computer's visitor data is not here; nothing was changed. Please tell the administrator to bring it back.",
  diskFull: "This computer's disk is full; nothing was saved. Please tell the administrator.",
  storeFailed: "It could not be saved. Please try again, or see reception.",
  clockOff: "This computer's clock is wrong. Please tell the administrator.",
  noCamera: "No camera was found. Check that it is plugged in.",
  cameraBusy: "Another program is using the camera.",
  cameraDenied: "The system does not allow the camera to be used.",
  cameraLost: "The camera was unplugged. Plug it in again.",
  cameraSilent: "The camera sends no picture. Unplug it and plug it in again.",
  cameraDark: "The camera sees only black. Check its cover and the light.",
  slowDown: "Too many tries. Please wait a moment, or see reception.",
  tooEarly: "This invitation is for later. Please come back then, or see reception.",
  over: "The time of this invitation has passed. Please see reception.",
  used: "Somebody came with this invitation before, or it was withdrawn. Please see reception.",
  revoked: "This invitation was withdrawn. Please see reception.",
  alreadyLeft: "This pass has been signed out already.",
  notSigned: "Please sign the agreement first.",
  notADemo: "This is available in the demo only.",
  bug: "Something unexpected went wrong. Please try again, or see reception.",
};

export const failureWords: Record<Language, Record<FailureCode, string>> = { "zh-CN": zhCN, en };

const faultsZh: Record<Field, Record<FieldFault, string>> = {
  name: {
    missing: "请填写您的姓名。",
    tooLong: "姓名最多 40 个字符，请缩短。",
    unprintable: "姓名中有无法显示的字符，请重新输入。",
    notAPhone: "请填写您的姓名。",
  },
  phone: {
    missing: "请填写电话号码。",
    tooLong: "电话号码太长，请检查。",
    unprintable: "电话号码中有无法显示的字符，请重新输入。",
    notAPhone: "这不像电话号码，请只用数字，可以不填。",
  },
  host: {
    missing: "请填写您拜访谁。",
    tooLong: "最多 60 个字符，请缩短。",
    unprintable: "其中有无法显示的字符，请重新输入。",
    notAPhone: "请填写您拜访谁。",
  },
};

const faultsEn: Record<Field, Record<FieldFault, string>> = {
  name: {
    missing: "Please enter your name.",
    tooLong: "At most 40 characters fit. Please shorten the name.",
    unprintable: "The name has a character that cannot be shown. Please type it again.",
    notAPhone: "Please enter your name.",
  },
  phone: {
    missing: "Please enter a phone number.",
    tooLong: "This phone number is too long. Please check it.",
    unprintable: "The number has a character that cannot be shown. Please type it again.",
    notAPhone: "Not a phone number. Use digits, or leave it empty.",
  },
  host: {
    missing: "Please tell us whom you are visiting.",
    tooLong: "At most 60 characters fit. Please shorten it.",
    unprintable: "It has a character that cannot be shown. Please type it again.",
    notAPhone: "Please tell us whom you are visiting.",
  },
};

export const faultWords: Record<Language, Record<Field, Record<FieldFault, string>>> = {
  "zh-CN": faultsZh,
  en: faultsEn,
};
