// Words of the Core Business Vocabulary 2.0, in English and Chinese: steps of the
// business and dispositions. What is none of them is shown as it is.

import { language } from "./language.js";

type Words = Record<string, readonly [en: string, zh: string]>;

const steps: Words = {
  accepting: ["Accepted", "验收"],
  arriving: ["Arrived", "到达"],
  assembling: ["Assembled", "组装"],
  collecting: ["Collected", "收集"],
  commissioning: ["Made and marked", "生产赋码"],
  consigning: ["Consigned", "托运"],
  creating_class_instance: ["Lot made", "批次生产"],
  cycle_counting: ["Counted", "循环盘点"],
  decommissioning: ["Mark withdrawn", "注销标识"],
  departing: ["Departed", "出发"],
  destroying: ["Destroyed", "销毁"],
  disassembling: ["Taken apart", "拆解"],
  dispensing: ["Dispensed", "配发"],
  encoding: ["Tag written", "写入标签"],
  entering_exiting: ["Entered or left the premises", "进出场所"],
  holding: ["Held back", "封存"],
  inspecting: ["Inspected", "检查"],
  installing: ["Installed", "安装"],
  killing: ["Tag killed", "灭活标签"],
  loading: ["Loaded", "装载"],
  other: ["Other step", "其他环节"],
  packing: ["Packed", "包装"],
  picking: ["Picked", "拣选"],
  receiving: ["Received", "收货"],
  removing: ["Removed", "移除"],
  repackaging: ["Packed anew", "重新包装"],
  repairing: ["Repaired", "维修"],
  replacing: ["Replaced", "更换"],
  reserving: ["Reserved", "预留"],
  retail_selling: ["Sold to the consumer", "零售售出"],
  sampling: ["Sampled", "抽样"],
  sensor_reporting: ["Sensor reading", "传感器读数"],
  shipping: ["Shipped", "发货"],
  staging_outbound: ["Made ready to leave", "备货待发"],
  stock_taking: ["Stock taken", "盘点"],
  stocking: ["Put on the shelf", "上架"],
  storing: ["Stored", "入库"],
  transporting: ["Transported", "运输"],
  unloading: ["Unloaded", "卸货"],
  unpacking: ["Unpacked", "拆包"],
  void_shipping: ["Shipment declared void", "作废发货"],
};

const dispositions: Words = {
  active: ["active", "启用"],
  available: ["available", "可用"],
  completeness_inferred: ["taken to be complete", "推定完整"],
  completeness_verified: ["found complete", "核实完整"],
  conformant: ["conformant", "合格"],
  container_closed: ["container closed", "容器已关"],
  container_open: ["container open", "容器已开"],
  damaged: ["damaged", "损坏"],
  destroyed: ["destroyed", "已销毁"],
  dispensed: ["dispensed", "已配发"],
  disposed: ["disposed of", "已处置"],
  encoded: ["tag written", "已写标签"],
  expired: ["expired", "已过期"],
  in_progress: ["in progress", "进行中"],
  in_transit: ["in transit", "在途"],
  inactive: ["inactive", "停用"],
  mismatch_class: ["other kind than announced", "品类不符"],
  mismatch_instance: ["other item than announced", "单品不符"],
  mismatch_quantity: ["other quantity than announced", "数量不符"],
  needs_replacement: ["needs to be replaced", "待更换"],
  no_pedigree_match: ["origin does not match", "来源不符"],
  non_conformant: ["not conformant", "不合格"],
  non_sellable_other: ["not for sale", "不可销售"],
  partially_dispensed: ["partly dispensed", "部分配发"],
  recalled: ["recalled", "已召回"],
  reserved: ["reserved", "已预留"],
  retail_sold: ["sold to the consumer", "已零售"],
  returned: ["returned", "已退回"],
  sellable_accessible: ["for sale, at hand", "在售可取"],
  sellable_not_accessible: ["for sale, not at hand", "在售待取"],
  stolen: ["stolen", "被盗"],
  unavailable: ["not available", "不可用"],
  unknown: ["unknown", "不明"],
};

const types: Words = {
  ObjectEvent: ["Observed", "状态记录"],
  AggregationEvent: ["Packed together or taken apart", "聚合"],
  TransactionEvent: ["In a transaction", "交易关联"],
  TransformationEvent: ["Made into another", "转化"],
  AssociationEvent: ["Joined with another", "组合"],
};

export const stepText = (s: string): string => of(steps, s);
export const dispositionText = (s: string): string => of(dispositions, s);
export const typeText = (s: string): string => of(types, s);

/** of finds a word, which may be the last part of a CBV URI. */
function of(words: Words, s: string): string {
  const bare = s.replace(/^(urn:epcglobal:cbv:(bizstep|disp):|https?:\/\/(ref\.gs1\.org|ns\.gs1\.org|gs1\.org\/voc)\/(cbv\/)?(BizStep-|Disp-))/, "");
  const both = Object.hasOwn(words, bare) ? words[bare] : undefined;
  return both ? both[language() === "en" ? 0 : 1] : s;
}
