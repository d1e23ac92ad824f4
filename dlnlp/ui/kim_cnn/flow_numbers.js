// Numbers as the pages write them.

export const logistic = (logit) => 1 / (1 + Math.exp(-logit));

export const total = (values) => values.reduce((sum, value) => sum + value, 0);

export const many = (count, thing) =>
  `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
